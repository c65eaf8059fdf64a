import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import { DatabaseManager, SCHEMA_VERSION } from '../src/index.ts';
import { contextOf } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

let folder: TemporaryFolder;
let path: string;
beforeEach(() => {
  folder = new TemporaryFolder();
  path = folder.join('agent.db');
});
afterEach(() => {
  vi.restoreAllMocks();
  folder[Symbol.dispose]();
});

async function open(dbPath = path): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath });
  await manager.initialize();
  return manager;
}

/** Moves the clock that the watch goes by, so that no test has to wait for it. */
function letASecondPass(): void {
  const later = performance.now() + 2_000;
  vi.spyOn(performance, 'now').mockReturnValue(later);
}

const INSERT = "INSERT INTO cache (key, value) VALUES (@key, '1')";

describe('a file that is not at its path any more', () => {
  const changes: Readonly<Record<string, () => void>> = {
    'was deleted': () => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    },
    'was moved': () => renameSync(path, folder.join('elsewhere.db')),
    'was replaced by a copy': () => {
      copyFileSync(path, folder.join('copy.db'));
      renameSync(folder.join('copy.db'), path);
    },
  };

  describe.each(Object.entries(changes))('%s', (_what, change) => {
    it('is noticed by a health check at once', async () => {
      using manager = await open();
      change();
      expect(manager.checkHealth()).toMatchObject({
        ok: false,
        problems: [expect.stringMatching(/deleted, moved or replaced/)],
      });
    });

    it('takes no write after a second', async () => {
      using manager = await open();
      const context = contextOf(manager.getDatabase());
      const insert = context.prepare(INSERT, 'test');
      insert.run({ key: 'before' });
      change();
      letASecondPass();
      const refusal = expect.objectContaining({ code: 'DB_FILE_REPLACED' });
      expect(() => insert.run({ key: 'one' })).toThrow(refusal);
      letASecondPass();
      expect(() => context.transaction('test', () => 1)).toThrow(refusal);
      expect(context.db.inTransaction).toBe(false);
      letASecondPass();
      expect(() => manager.exec("INSERT INTO cache (key, value) VALUES ('exec', '1')")).toThrow(refusal);
      letASecondPass();
      expect(() => manager.prepare(INSERT).run({ key: 'prepared' })).toThrow(refusal);
      letASecondPass();
      expect(() => context.prepare('SELECT 1 AS one', 'test').get()).toThrow(refusal);
    });

    it('takes at most a hundred writes, however fast they come', async () => {
      using manager = await open();
      vi.spyOn(performance, 'now').mockReturnValue(performance.now());
      const insert = contextOf(manager.getDatabase()).prepare(INSERT, 'test');
      insert.run({ key: 'before' });
      change();
      const write = () => {
        for (let i = 0; i < 100; i++) insert.run({ key: `k${i}` });
      };
      expect(write).toThrow(expect.objectContaining({ code: 'DB_FILE_REPLACED' }));
    });
  });

  it('is not what a link that leads to it, a vacuum or a backup makes of it', async () => {
    symlinkSync(path, folder.join('link.db'));
    using manager = await open(folder.join('link.db'));
    manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
    manager.vacuum();
    await manager.backup(folder.join('backup.db'));
    letASecondPass();
    expect(manager.checkHealth('full').ok).toBe(true);
    expect(manager.prepare('SELECT key FROM cache').all()).toEqual([{ key: 'k' }]);
  });

  it('is found by a relative path after the process changed its folder', async () => {
    const before = process.cwd();
    try {
      process.chdir(folder.path);
      using manager = await open('relative.db');
      mkdirSync('other');
      process.chdir('other');
      letASecondPass();
      manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
      expect(readdirSync('.')).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });
});

describe('a file that a newer release has upgraded', () => {
  it('is used no longer by a process that has it open', async () => {
    using manager = await open();
    const insert = contextOf(manager.getDatabase()).prepare(INSERT, 'test');
    const newer = connect(path);
    newer.exec(`CREATE TABLE later (x); INSERT INTO schema_version (version) VALUES (${SCHEMA_VERSION + 1})`);
    newer.close();
    const refusal = expect.objectContaining({ code: 'DB_NEWER_SCHEMA', found: SCHEMA_VERSION + 1 });
    letASecondPass();
    expect(() => insert.run({ key: 'k' })).toThrow(refusal);
    letASecondPass();
    expect(() => contextOf(manager.getDatabase()).prepare('SELECT 1 AS one', 'test').get()).toThrow(refusal);
    expect(manager.checkHealth()).toMatchObject({ ok: false });
  });

  it('is another thing than one with a new table of a module', async () => {
    using manager = await open();
    using other = await open();
    await other.registerModule({ name: 'notes', migrations: { 1: 'CREATE TABLE notes_entries (x)' } });
    letASecondPass();
    manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
    expect(manager.checkHealth().ok).toBe(true);
  });
});

describe('a file with two names', () => {
  it('is not opened, and not changed', async () => {
    (await open()).close();
    linkSync(path, folder.join('second.db'));
    for (const name of [path, folder.join('second.db')]) {
      await expect(open(name)).rejects.toMatchObject({
        code: 'DB_CANNOT_OPEN',
        message: expect.stringMatching(/hard links/),
      });
    }
    rmSync(folder.join('second.db'));
    (await open()).close();
  });

  it('is opened if a process that is gone left the second name', async () => {
    (await open()).close();
    // No process has the number: it is beyond the largest that Linux gives.
    linkSync(path, `${path}.unfinished-${hostname()}-99999999-x`);
    (await open()).close();
    expect(readdirSync(folder.path)).not.toContainEqual(expect.stringContaining('unfinished'));
  });

  it('is waited for while another process only asks for its lock', async () => {
    (await open()).close();
    const child = fork(fileURLToPath(new URL('./support/link-for-a-moment.ts', import.meta.url)), [path], {
      execArgv: [],
    });
    const exited = once(child, 'exit');
    await once(child, 'message');
    (await open()).close();
    await exited;
  });
});
