import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { MIGRATIONS, MigrationFailedError, SCHEMA_VERSION } from '../src/index.ts';
import { CopyBeforeChange } from '../src/schema/copy-before-change.ts';
import { type UpgradePlan, upgradeFile } from '../src/schema/upgrade.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { writeLegacyFile } from './support/legacy-file.ts';

const NEXT = SCHEMA_VERSION + 1;
const RELEASED = Object.keys(MIGRATIONS).map(Number);

describe('upgrading a file', () => {
  let folder: TemporaryFolder;
  let db: Database;
  beforeEach(() => {
    folder = new TemporaryFolder();
    db = connect(folder.join('agent.db'));
  });
  afterEach(() => {
    db.close();
    folder[Symbol.dispose]();
  });

  const announced: { version: number; applied: boolean; backupPath?: string }[] = [];
  const plan = (migrations: Record<number, string> = {}): UpgradePlan => ({
    migrations: { ...MIGRATIONS, ...migrations },
    target: SCHEMA_VERSION + Object.keys(migrations).length,
    timeoutMs: 1_000,
    now: Date.now,
    listener: {
      progress: () => undefined,
      migration: (step) => announced.push(step),
      warning: () => undefined,
    },
  });
  const versions = () => db.prepare('SELECT version FROM schema_version ORDER BY version').all();
  const copies = () => readdirSync(folder.path).filter((name) => !/^(agent|old)\.db(-wal|-shm|-journal)?$/.test(name));
  const hasTable = (name: string) => db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;

  beforeEach(() => {
    announced.length = 0;
  });

  it('runs every version in order on a new file, without a backup', async () => {
    await upgradeFile(db, plan({ [NEXT]: 'CREATE TABLE later (x)' }));
    expect(versions()).toEqual([...RELEASED, NEXT].map((version) => ({ version })));
    expect(announced).toEqual([{ version: NEXT, applied: true }]);
    expect(copies()).toEqual([]);
  });

  it('copies an older file of ours before it changes', async () => {
    await upgradeFile(db, plan());
    db.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
    await upgradeFile(db, plan({ [NEXT]: 'DELETE FROM cache' }));
    const copy = connect(announced.at(-1)?.backupPath ?? '', { readonly: true });
    expect(copy.prepare('SELECT key FROM cache').all()).toEqual([{ key: 'k' }]);
    copy.close();
    expect(db.prepare('SELECT key FROM cache').all()).toEqual([]);
  });

  it('tells of each version once, when all are committed', async () => {
    await upgradeFile(db, plan());
    announced.length = 0;
    await upgradeFile(db, plan({ [NEXT]: 'CREATE TABLE one (x)', [NEXT + 1]: 'CREATE TABLE two (x)' }));
    const step = { applied: true, backupPath: folder.join(copies()[0] ?? '') };
    expect(announced).toEqual([
      { version: NEXT, ...step },
      { version: NEXT + 1, ...step },
    ]);
  });

  it('that fails leaves no copy behind, however often it is tried', async () => {
    await upgradeFile(db, plan());
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(upgradeFile(db, plan({ [NEXT]: 'NONSENSE' }))).rejects.toMatchObject({
        code: 'DB_MIGRATION_FAILED',
      });
      db.exec(`INSERT INTO cache (key, value) VALUES ('k${attempt}', '1')`);
    }
    expect(copies()).toEqual([]);
  });

  it('that a reader keeps from its commit can be tried again', async () => {
    await upgradeFile(db, plan());
    db.pragma('journal_mode = DELETE');
    const reader = connect(db.name);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM memories').get();
    const later = plan({ [NEXT]: 'CREATE TABLE later (x)' });
    await expect(upgradeFile(db, later)).rejects.toMatchObject({ code: 'DB_BUSY', retryable: true });
    expect([hasTable('later'), versions().at(-1)]).toEqual([false, { version: SCHEMA_VERSION }]);
    reader.close();
    await upgradeFile(db, later);
    expect(hasTable('later')).toBe(true);
    expect(copies()).toHaveLength(1);
  });

  it('keeps one copy when processes die just before the commit, and finds it again', async () => {
    await upgradeFile(db, plan());
    for (let attempt = 0; attempt < 2; attempt++) {
      using copy = await CopyBeforeChange.of(db, `v${SCHEMA_VERSION}`, () => undefined);
      copy.keep(Date.now() + attempt * 1_000);
    }
    await upgradeFile(db, plan({ [NEXT]: 'CREATE TABLE later (x)' }));
    expect(copies()).toHaveLength(1);
    expect(announced.at(-1)?.backupPath).toBe(folder.join(copies()[0] ?? ''));
  });

  it('that was committed is not told as failed when a listener throws', async () => {
    await upgradeFile(db, plan());
    const committed = plan({ [NEXT]: 'CREATE TABLE later (x)' });
    const migration = () => {
      throw new Error('the listener is at fault');
    };
    const upgrade = upgradeFile(db, { ...committed, listener: { ...committed.listener, migration } });
    await expect(upgrade).rejects.toThrow(/^the listener is at fault$/);
    expect(hasTable('later')).toBe(true);
  });

  it('names a version that fails, and leaves the file as it was, for the release that wrote it', async () => {
    await upgradeFile(db, plan());
    const failing = {
      [NEXT]: 'CREATE TABLE fine (x)',
      [NEXT + 1]: 'CREATE TABLE half (x); INSERT INTO nowhere VALUES (1)',
    };
    const failure = await upgradeFile(db, plan(failing)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationFailedError);
    expect(failure).toMatchObject({
      code: 'DB_MIGRATION_FAILED',
      version: NEXT + 1,
      message: expect.stringContaining('nowhere'),
    });
    expect(db.inTransaction).toBe(false);
    expect([hasTable('fine'), hasTable('half')]).toEqual([false, false]);
    expect(versions()).toEqual(RELEASED.map((version) => ({ version })));
  });

  it('leaves a legacy file as it was when its upgrade fails', async () => {
    db.close();
    const path = folder.join('old.db');
    writeLegacyFile(path, 2, (old) => {
      old.exec("INSERT INTO sessions (id, name) VALUES ('s', 'kept'); CREATE TABLE module_versions (x)");
    });
    db = connect(path);
    await expect(upgradeFile(db, plan())).rejects.toMatchObject({ code: 'DB_MIGRATION_FAILED' });
    expect(versions()).toEqual([{ version: 1 }, { version: 2 }]);
    expect(db.prepare('SELECT id, name FROM sessions').all()).toEqual([{ id: 's', name: 'kept' }]);
    expect(hasTable('memories')).toBe(true);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('gives up on another process after its timeout, with an error that may be retried', async () => {
    const other = connect(folder.join('agent.db'));
    other.exec('BEGIN IMMEDIATE; CREATE TABLE held (x)');
    const failure = await upgradeFile(db, { ...plan(), timeoutMs: 120 }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'DB_BUSY', retryable: true, message: expect.stringContaining('upgrading') });
    other.exec('ROLLBACK');
    other.close();
    await upgradeFile(db, plan());
    expect(versions()).toEqual(RELEASED.map((version) => ({ version })));
  });
});
