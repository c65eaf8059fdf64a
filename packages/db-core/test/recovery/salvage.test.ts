import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quarantine, salvageDatabase } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { count, damage, fill, leafPages, leaveJournal, MESSAGES, open, pagesOf } from '../support/damaged-file.ts';
import { writeLegacyFile } from '../support/legacy-file.ts';

describe('a damaged file', () => {
  it('gives everything but the rows of the damaged pages to a new one', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    const leaves = pagesOf(path, 'messages')
      .filter(({ kind }) => kind === 'leaf')
      .slice(40, 43);
    const lost = leaves.reduce((sum, { cells }) => sum + cells, 0);
    damage(
      path,
      leaves.map(({ page }) => page),
    );
    const before = readFileSync(path);

    const aside = quarantine(path);
    const report = salvageDatabase(aside, path);
    expect(readFileSync(aside)).toEqual(before);
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const messages = report.tables.find(({ table }) => table === 'messages');
    expect(report.complete).toBe(false);
    expect(messages?.problem).toMatch(/damaged/);
    expect(lost).toBeGreaterThan(3);
    expect(messages?.recovered).toBe(MESSAGES - lost);
    using manager = await open(path);
    expect(count(manager, 'SELECT count(*) FROM messages')).toBe(messages?.recovered);
    expect(count(manager, "SELECT message_count FROM sessions WHERE id = 's'")).toBe(messages?.recovered);
    expect(count(manager, 'SELECT count(*) FROM memories')).toBe(200);
    expect(count(manager, 'SELECT entries FROM cache_totals')).toBe(1);
    expect(count(manager, "SELECT count(*) FROM memories_fts WHERE memories_fts MATCH 'memory'")).toBe(200);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
  });

  it('gives back whole numbers as they are, however large, and rows at either end of what a key can be', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
    await fill(path);
    const numbers =
      'SELECT CAST(key AS TEXT), CAST(number AS TEXT), typeof(number) FROM reminders_numbers ORDER BY key';
    {
      using manager = await open(path);
      manager.exec(`CREATE TABLE reminders_numbers (key INTEGER PRIMARY KEY, number);
        INSERT INTO reminders_numbers VALUES (-9223372036854775807, 9007199254740993), (0, -9223372036854775808), (1, 0.5),
          (9223372036854775806, 9223372036854775807)`);
    }
    expect(salvageDatabase(path, saved)).toMatchObject({ complete: true, problems: [] });
    using before = await open(path);
    using after = await open(saved);
    expect(after.prepare(numbers).all()).toEqual(before.prepare(numbers).all());
    expect(
      count(after, "SELECT indexed_to = 0x7fffffffffffffff FROM full_text_bounds WHERE source = 'code_contents'"),
    ).toBe(1);
  });

  it('gives every message if the page that leads to all of them is damaged, in a file of ours', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
    await fill(path);
    const roots = ['messages', 'memories'].flatMap((table) => pagesOf(path, table).slice(0, 1));
    expect(roots.map(({ kind }) => kind)).toEqual(['internal', 'internal']);
    damage(
      path,
      roots.map(({ page }) => page),
    );
    expect(salvageDatabase(path, saved).problems).toEqual([]);
    using manager = await open(saved);
    expect(count(manager, 'SELECT count(*) FROM messages')).toBe(MESSAGES);
    expect(count(manager, 'SELECT count(*) FROM memories')).toBe(200);
    expect(manager.checkHealth('full').problems).toEqual([]);
  });

  it('is read with the log that lies beside it, and stays as it is', async () => {
    using folder = new TemporaryFolder();
    const [path, copy, saved] = [folder.join('agent.db'), folder.join('copy.db'), folder.join('saved.db')];
    await fill(path);
    {
      using manager = await open(path);
      manager.exec("INSERT INTO cache (key, value) VALUES ('only in the log', '2')");
      for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix);
    }
    damage(copy, leafPages(copy, 'memories').slice(0, 1));
    const before = ['', '-wal'].map((suffix) => readFileSync(copy + suffix));
    salvageDatabase(copy, saved);
    expect(['', '-wal'].map((suffix) => readFileSync(copy + suffix))).toEqual(before);
    using manager = await open(saved);
    expect(count(manager, 'SELECT count(*) FROM cache')).toBe(2);
  });

  it.each([
    ['one of them', (pages: readonly number[]) => pages.slice(3, 4)],
    ['all of them', (pages: readonly number[]) => pages],
  ])(
    'gives every row of ours although pages that say which tables there are are damaged: %s',
    async (_which, choose) => {
      using folder = new TemporaryFolder();
      const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
      await fill(path);
      const pages = leafPages(path, 'sqlite_schema');
      expect(pages.length).toBeGreaterThan(4);
      damage(path, choose(pages));
      const report = salvageDatabase(path, saved);
      expect(report.complete).toBe(false);
      expect(report.problems).toContainEqual(expect.stringMatching(/which tables there are are damaged/));
      using manager = await open(saved);
      expect(count(manager, 'SELECT count(*) FROM messages')).toBe(MESSAGES);
      expect(count(manager, "SELECT message_count FROM sessions WHERE id = 's' AND name = 'kept'")).toBe(MESSAGES);
      expect(count(manager, 'SELECT count(*) FROM memories')).toBe(200);
      expect(count(manager, "SELECT count(*) FROM memories_fts WHERE memories_fts MATCH 'memory'")).toBe(200);
      expect(count(manager, 'SELECT count(*) FROM cache')).toBe(1);
      expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
    },
  );

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

  it('is salvaged as it is if an earlier release wrote it, and upgraded when it is opened', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('old.db'), folder.join('saved.db')];
    writeLegacyFile(path, 2, (db) => {
      db.exec("INSERT INTO sessions (id) VALUES ('s'); INSERT INTO messages (session_id, role) VALUES ('s', 'user')");
    });
    expect(salvageDatabase(path, saved).complete).toBe(true);
    using manager = await open(saved);
    expect(count(manager, 'SELECT count(*) FROM messages')).toBe(1);
  });

  it('gives no id again that was given out before, also one whose row is gone', async () => {
    using folder = new TemporaryFolder();
    const [path, saved] = [folder.join('agent.db'), folder.join('saved.db')];
    {
      using manager = await open(path);
      manager.exec("INSERT INTO sessions (id) VALUES ('s')");
      for (let i = 0; i < 3; i++) manager.exec("INSERT INTO messages (session_id, role) VALUES ('s', 'user')");
      manager.exec('DELETE FROM messages WHERE id = 3');
    }
    salvageDatabase(path, saved);
    using manager = await open(saved);
    manager.exec("INSERT INTO messages (session_id, role) VALUES ('s', 'user')");
    expect(count(manager, 'SELECT max(id) FROM messages')).toBe(4);
  });

  it('is written over no other file', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    await fill(path);
    expect(() => salvageDatabase(path, path)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
  });
});

describe('a file whose process died while it was written under a rollback journal', () => {
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
});
