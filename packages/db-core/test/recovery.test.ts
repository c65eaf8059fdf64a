import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import { DatabaseManager, quarantine, restoreBackup, salvageDatabase } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { writeLegacyFile } from './support/legacy-file.ts';

const support = (name: string) => fileURLToPath(new URL(`./support/${name}.ts`, import.meta.url));
const HOLDER = support('hold-open');
const MESSAGES = 3_000;

async function fill(path: string): Promise<void> {
  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  manager.transaction(() => {
    manager.exec("INSERT INTO sessions (id, name) VALUES ('s', 'kept'), ('t', 'child')");
    manager.exec("UPDATE sessions SET parent_session_id = 's' WHERE id = 't'");
    const message = manager.prepare("INSERT INTO messages (session_id, role, content) VALUES ('s', 'user', ?)");
    for (let i = 0; i < MESSAGES; i++) message.run(`message ${i} ${'x'.repeat(400)}`);
    const memory = manager.prepare(
      "INSERT INTO memories (id, type, scope, content, embedding, embedding_model) VALUES (?, 'fact', 'user', ?, ?, 'm')",
    );
    for (let i = 0; i < 200; i++) memory.run(`m${i}`, `memory ${i}`, Buffer.from(new Float32Array([i, 1]).buffer));
    manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
  });
}

/** Overwrites pages of a file, counted from 1, as a failing disk would. */
function damage(path: string, pages: readonly number[], pageSize = 8_192): void {
  const file = openSync(path, 'r+');
  for (const page of pages) writeSync(file, Buffer.alloc(pageSize, 0xee), 0, pageSize, (page - 1) * pageSize);
  closeSync(file);
}

/** Pages that hold rows of a table and nothing else. */
function leafPages(path: string, table: string): number[] {
  const db = connect(path, { readonly: true });
  const rows = db.prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'").raw().all(table);
  db.close();
  return rows.map((row) => Number(Array.isArray(row) ? row[0] : 0));
}

async function open(path: string): Promise<DatabaseManager> {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  return manager;
}

async function runToItsDeath(name: string, path: string): Promise<void> {
  const [, signal] = await once(fork(support(name), [path], { execArgv: [] }), 'exit');
  expect(signal).toBe('SIGKILL');
}

function count(manager: DatabaseManager, sql: string): number {
  const row = manager.getDatabase().prepare(sql).raw().get();
  return Array.isArray(row) ? Number(row[0]) : Number.NaN;
}

describe('a damaged file', () => {
  it('gives everything but the rows of the damaged pages to a new one', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    const pages = leafPages(path, 'messages');
    damage(path, pages.slice(40, 43));
    const before = readFileSync(path);

    const aside = quarantine(path);
    const report = salvageDatabase(aside, path);
    expect(readFileSync(aside)).toEqual(before);
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const messages = report.tables.find(({ table }) => table === 'messages');
    expect(report.complete).toBe(false);
    expect(messages?.problem).toMatch(/damaged/);
    expect(messages?.recovered).toBeGreaterThan(MESSAGES * 0.9);
    expect(messages?.recovered).toBeLessThan(MESSAGES);
    using manager = await open(path);
    expect(count(manager, 'SELECT count(*) FROM messages')).toBe(messages?.recovered);
    expect(count(manager, "SELECT message_count FROM sessions WHERE id = 's'")).toBe(messages?.recovered);
    expect(count(manager, 'SELECT count(*) FROM memories')).toBe(200);
    expect(count(manager, 'SELECT entries FROM cache_totals')).toBe(1);
    expect(count(manager, "SELECT count(*) FROM memories_fts WHERE memories_fts MATCH 'memory'")).toBe(200);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
  });

  it('loses no message with the session that it belongs to', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
    await fill(path);
    damage(path, leafPages(path, 'sessions'));
    const { tables } = salvageDatabase(path, saved);
    expect(tables.find(({ table }) => table === 'messages')).toEqual({
      table: 'messages',
      recovered: MESSAGES,
      refused: 0,
    });
    using manager = await open(saved);
    expect(count(manager, "SELECT message_count FROM sessions WHERE id = 's' AND name = 'Recovered'")).toBe(MESSAGES);
  });

  it.each([
    ['cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size / 2))],
    ['garbage', (path: string) => writeFileSync(path, Buffer.alloc(50_000, 0x5a))],
    ['of a single byte', (path: string) => writeFileSync(path, 'x')],
    ['damaged on its first page', (path: string) => damage(path, [1])],
  ])('%s: is told as it is, and never changed', async (_what, ruin) => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
    await fill(path);
    ruin(path);
    const before = readFileSync(path);
    const report = salvageDatabase(path, saved);
    expect(report.complete).toBe(false);
    expect(report.tables.some(({ problem }) => problem !== undefined) || report.problems.length > 0).toBe(true);
    expect(readFileSync(path)).toEqual(before);
    using manager = await open(saved);
    expect(manager.checkHealth('full').ok).toBe(true);
  });

  it('of an earlier release is salvaged as it is, and upgraded when it is opened', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('old.db'), folder.join('saved.db')];
    writeLegacyFile(path, 2, (db) => {
      db.exec("INSERT INTO sessions (id) VALUES ('s'); INSERT INTO messages (session_id, role) VALUES ('s', 'user')");
    });
    expect(salvageDatabase(path, saved).complete).toBe(true);
    using manager = await open(saved);
    expect(count(manager, 'SELECT count(*) FROM messages')).toBe(1);
  });

  it('is written over no other file', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    expect(() => salvageDatabase(path, path)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
  });
});

describe('a file whose process died while it was written under a rollback journal', () => {
  /** Half a transaction stands in the file, and what it overwrote in the journal: all of the 3,000 messages can be had. */
  async function leaveJournal(path: string): Promise<void> {
    await fill(path);
    await runToItsDeath('die-in-a-journal', path);
    expect(statSync(`${path}-journal`).size).toBeGreaterThan(100_000);
  }

  it('is salvaged as it was before that transaction, and stays as it is', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await leaveJournal(path);
    const damaged = quarantine(path);
    const before = [readFileSync(damaged), readFileSync(`${damaged}-journal`)];
    expect(existsSync(`${path}-journal`)).toBe(false);
    expect(salvageDatabase(damaged, path).tables).toContainEqual({
      table: 'messages',
      recovered: MESSAGES,
      refused: 0,
    });
    expect([readFileSync(damaged), readFileSync(`${damaged}-journal`)]).toEqual(before);
    expect(readdirSync(folder.path).filter((name) => name.includes('salvaging'))).toEqual([]);
    using manager = await open(path);
    expect(count(manager, "SELECT count(*) FROM messages WHERE content LIKE 'message %'")).toBe(MESSAGES);
  });

  it('is read without the journal if that is damaged', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
    await leaveJournal(path);
    writeFileSync(`${path}-journal`, Buffer.alloc(5_000, 0xee));
    expect(salvageDatabase(path, saved).tables.find(({ table }) => table === 'memories')?.recovered).toBe(200);
  });

  it('gives way to a backup with its journal, which would undo the backup', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(backup);
    await leaveJournal(path);
    const { setAside: aside = '' } = restoreBackup(backup, path);
    expect(existsSync(`${aside}-journal`)).toBe(true);
    expect(existsSync(`${path}-journal`)).toBe(false);
    using manager = await open(path);
    expect(manager.checkHealth('full').problems).toEqual([]);
    expect(count(manager, "SELECT count(*) FROM messages WHERE content LIKE 'message %'")).toBe(MESSAGES);
  });

  it('is itself a backup that is restored rolled back', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await leaveJournal(backup);
    restoreBackup(backup, path);
    using manager = await open(path);
    expect(count(manager, "SELECT count(*) FROM messages WHERE content LIKE 'message %'")).toBe(MESSAGES);
  });
});

describe('setting a file aside', () => {
  it('takes what lies beside it along', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(path + suffix, `not a database${suffix}`);
    const aside = quarantine(path, Date.parse('2026-01-02T03:04:05Z'));
    expect(aside).toBe(`${path}.damaged-2026-01-02T03-04-05-000Z`);
    expect(['', '-wal', '-shm'].map((suffix) => readFileSync(aside + suffix, 'utf8'))).toEqual([
      'not a database',
      'not a database-wal',
      'not a database-shm',
    ]);
    expect(existsSync(path)).toBe(false);
  });

  it('waits until nobody has it open', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    const holder = fork(HOLDER, [path], { execArgv: [] });
    await once(holder, 'message');
    expect(() => quarantine(path)).toThrow(expect.objectContaining({ code: 'DB_BUSY', retryable: true }));
    expect(existsSync(path)).toBe(true);
    holder.kill();
    await once(holder, 'exit');
    expect(existsSync(quarantine(path))).toBe(true);
  });

  it('says so where there is none', () => {
    using folder = new TemporaryFolder();
    expect(() => quarantine(folder.join('none.db'))).toThrow(expect.objectContaining({ code: 'DB_CANNOT_OPEN' }));
  });
});

describe('restoring a backup', () => {
  const numberOfMemories = async (path: string) => {
    using manager = await open(path);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true });
    return count(manager, 'SELECT count(*) FROM memories');
  };

  async function backUp(path: string, backup: string): Promise<void> {
    using manager = await open(path);
    await manager.backup(backup);
  }

  it('sets aside what was there, its log too, which SQLite would take for the backup’s own', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(path);
    await backUp(path, backup);
    {
      using manager = await open(path);
      manager.exec("DELETE FROM memories WHERE id <> 'm1'; DELETE FROM messages");
      copyFileSync(`${path}-wal`, folder.join('log'));
    }
    // As a killed process leaves it.
    copyFileSync(folder.join('log'), `${path}-wal`);
    const before = readFileSync(backup);

    const { setAside: aside = '' } = restoreBackup(backup, path);
    expect(aside).toMatch(/agent\.db\.replaced-\d{4}-/);
    expect(await numberOfMemories(path)).toBe(200);
    expect(await numberOfMemories(aside)).toBe(1);
    expect(readFileSync(backup)).toEqual(before);
    expect(readdirSync(folder.path).filter((name) => name.includes('restoring'))).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('needs no database to be there, and takes nothing of a log that was left behind alone', async () => {
    using folder = new TemporaryFolder();
    const [path, backup, other] = [folder.join('new', 'agent.db'), folder.join('backup.db'), folder.join('other.db')];
    await fill(other);
    await backUp(other, backup);
    expect(restoreBackup(backup, path)).toEqual({ path });
    expect(await numberOfMemories(path)).toBe(200);
    rmSync(path);
    writeFileSync(`${path}-wal`, 'left behind');
    const { setAside: aside } = restoreBackup(backup, path);
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('left behind');
    expect(await numberOfMemories(path)).toBe(200);
  });

  it('changes nothing while somebody has the database open', async () => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(path);
    await backUp(path, backup);
    using holder = await open(path);
    holder.exec("DELETE FROM memories WHERE id <> 'm1'");
    expect(() => restoreBackup(backup, path)).toThrow(expect.objectContaining({ code: 'DB_BUSY' }));
    expect(count(holder, 'SELECT count(*) FROM memories')).toBe(1);
    holder.close();
    expect(readdirSync(folder.path).sort()).toEqual(['agent.db', 'backup.db']);
  });

  it.each([
    ['nothing', 'DB_CANNOT_OPEN', () => undefined],
    ['an empty file', 'DB_FOREIGN_FILE', (backup: string) => writeFileSync(backup, '')],
    ['garbage', 'DB_FOREIGN_FILE', (backup: string) => writeFileSync(backup, 'garbage '.repeat(2_000))],
    ['a damaged one', 'DB_CORRUPT', (backup: string) => damage(backup, [60, 61, 62])],
    ['half of one', 'DB_CORRUPT', (backup: string) => truncateSync(backup, 400_000)],
  ])('refuses %s with %s, and changes nothing', async (what, code, spoil) => {
    using folder = new TemporaryFolder();
    const [path, backup] = [folder.join('agent.db'), folder.join('backup.db')];
    await fill(path);
    if (what !== 'nothing') await backUp(path, backup);
    spoil(backup);
    expect(() => restoreBackup(backup, path)).toThrow(expect.objectContaining({ code }));
    expect(await numberOfMemories(path)).toBe(200);
    expect(readdirSync(folder.path).filter((name) => !name.startsWith('backup'))).toEqual(['agent.db']);
  });
});
