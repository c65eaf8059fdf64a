import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPrivately } from '../src/connection/private-copy.ts';
import { type DatabaseConfig, DatabaseManager } from '../src/index.ts';
import { contextOf } from '../src/internal.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../src/testing/index.ts';

const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('codebuddy-copy-of-'));

describe('a database that is only read', () => {
  let database: TemporaryDatabase;
  beforeEach(async () => {
    database = await temporaryDatabase();
    write('a');
  });
  afterEach(() => database[Symbol.dispose]());

  const write = (key: string) => database.manager.exec(`INSERT INTO cache (key, value) VALUES ('${key}', '1')`);
  const keysOf = (manager: DatabaseManager) =>
    manager.getDatabase().prepare('SELECT key FROM cache ORDER BY key').raw(true).all().flat();

  async function openReadOnly(config: DatabaseConfig = {}) {
    const manager = new DatabaseManager({ dbPath: database.path, readOnly: true, ...config });
    const warnings: string[] = [];
    const initialized: object[] = [];
    manager.on('warning', ({ message }) => warnings.push(message));
    manager.on('initialized', (event) => initialized.push(event));
    await manager.initialize();
    return { manager, warnings, initialized };
  }

  it('is read where it lies, with what others write to it meanwhile', async () => {
    const { manager, warnings, initialized } = await openReadOnly();
    using _ = manager;
    expect([keysOf(manager), manager.snapshot, warnings]).toEqual([['a'], false, []]);
    expect(initialized).toMatchObject([{ snapshot: false, journalMode: 'wal' }]);
    write('b');
    expect(keysOf(manager)).toEqual(['a', 'b']);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true });
    expect(manager.getDatabaseStats()).toMatchObject({ cacheSize: 2 });
    expect(await manager.queryReadOnly('SELECT count(*) FROM cache')).toMatchObject({ rows: [[2]] });
    await manager.backup(database.folder.join('backup.db'));
    expect(existsSync(database.folder.join('backup.db'))).toBe(true);
  });

  it('refuses every call that writes, with a typed error, and goes on', async () => {
    const { manager } = await openReadOnly();
    using _ = manager;
    const insert = "INSERT INTO cache (key, value) VALUES ('refused', '1')";
    for (const call of [
      () => manager.exec(insert),
      () => contextOf(manager.getDatabase()).prepare(insert, 'test.insert').run(),
      () => manager.transaction(() => manager.exec(insert)),
      () => manager.vacuum(),
      () => manager.clearAll(),
      () => manager.rebuildVectorIndex(),
    ])
      expect(call).toThrow(expect.objectContaining({ code: 'DB_READ_ONLY' }));
    await expect(
      manager.registerModule({ name: 'notes', migrations: { 1: 'CREATE TABLE notes_list (x)' } }),
    ).rejects.toMatchObject({ code: 'DB_READ_ONLY' });
    expect(keysOf(manager)).toEqual(['a']);
  });

  it('counts nothing', async () => {
    const { manager, warnings } = await openReadOnly();
    const counter = contextOf(manager.getDatabase()).usageCounter(warnings, {
      operation: 'test.count',
      write: () => expect.unreachable(),
    });
    expect([counter.count('a', 0), counter.total]).toEqual([false, 0]);
    manager.close();
    expect(warnings).toEqual([]);
  });

  it('is not made where there is none, and none in memory', async () => {
    const dbPath = database.folder.join('absent.db');
    await expect(openReadOnly({ dbPath })).rejects.toMatchObject({ code: 'DB_CANNOT_OPEN' });
    expect(existsSync(dbPath)).toBe(false);
    await expect(openReadOnly({ inMemory: true })).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
  });

  it('is left as it is if an earlier release wrote it: its copy is brought up to date', async () => {
    const before = gunzipSync(readFileSync(new URL('./released/version-4.db.gz', import.meta.url)));
    const dbPath = database.folder.join('old.db');
    writeFileSync(dbPath, before);
    const { manager, warnings } = await openReadOnly({ dbPath });
    expect(manager.snapshot).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('earlier release')]);
    expect(manager.getDatabaseStats().memoriesCount).toBeGreaterThan(0);
    expect(() => manager.exec('DELETE FROM memories')).toThrow(expect.objectContaining({ code: 'DB_READ_ONLY' }));
    expect(copies().length).toBeGreaterThan(0);
    manager.close();
    expect(readFileSync(dbPath).equals(before)).toBe(true);
    // SQLite leaves the empty files of the log behind, since it may not write.
    const left = readdirSync(database.folder.path).filter((name) => name.startsWith('old'));
    expect(left.filter((name) => !/-(wal|shm)$/.test(name))).toEqual(['old.db']);
    expect(copies()).toEqual([]);
    expect(copies()).toEqual([]);
  });

  it('is refused as any other if it is of another program, and left alone', async () => {
    const dbPath = database.folder.join('foreign.db');
    writeFileSync(dbPath, 'not a database, whatever its name says'.repeat(99));
    await expect(openReadOnly({ dbPath })).rejects.toMatchObject({ code: 'DB_FOREIGN_FILE' });
    expect(copies()).toEqual([]);
  });

  it('is copied whole while another process writes to it', async () => {
    const program = fileURLToPath(new URL('./support/write-all-the-time.ts', import.meta.url));
    const writer = fork(program, [database.path], { execArgv: ['--disable-warning=ExperimentalWarning'] });
    await once(writer, 'message');
    const found: unknown[] = [];
    for (let round = 0; round < 5; round++) {
      using copy = await copyPrivately(database.path);
      const { manager } = await openReadOnly({ dbPath: copy.path });
      // Rows are written in pairs, after the first one.
      const odd = manager.getDatabase().prepare('SELECT count(*) % 2 FROM cache').raw(true).get();
      found.push([manager.checkHealth('full').ok, odd]);
      manager.close();
    }
    const ended = once(writer, 'exit');
    writer.kill('SIGKILL');
    await ended;
    expect(found).toEqual(Array(5).fill([true, [1]]));
  }, 60_000);
});
