import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseManager } from '../src/index.ts';
import { type TemporaryDatabase, temporaryDatabase } from '../src/testing/index.ts';

let database: TemporaryDatabase;
beforeAll(async () => {
  database = await temporaryDatabase();
  database.manager.exec("INSERT INTO cache (key, value) VALUES ('a', '1'), ('b', '2'), ('c', '3')");
});
afterAll(() => database[Symbol.dispose]());

describe('a query that somebody else wrote', () => {
  it('returns columns and rows, with its parameters bound', async () => {
    const sql = 'SELECT key, value FROM cache WHERE key >= @from ORDER BY key';
    expect(await database.manager.queryReadOnly(sql, { parameters: { from: 'b' } })).toEqual({
      columns: ['key', 'value'],
      rows: [
        ['b', '2'],
        ['c', '3'],
      ],
      truncated: false,
    });
  });

  it('stops at the row limit and says so', async () => {
    const result = await database.manager.queryReadOnly('SELECT key FROM cache', { maxRows: 2 });
    expect([result.rows.length, result.truncated]).toEqual([2, true]);
    expect(await database.manager.queryReadOnly('SELECT key FROM cache', { maxRows: 0 })).toMatchObject({
      rows: [],
      truncated: true,
    });
  });

  it.each([
    'DELETE FROM cache',
    'WITH gone AS (SELECT 1) DELETE FROM cache',
    "ATTACH DATABASE '/tmp/elsewhere.db' AS elsewhere",
    'SELECT 1; DELETE FROM cache',
    '/* SELECT */ PRAGMA writable_schema = ON',
    'PRAGMA journal_mode = DELETE',
    'VACUUM',
    'not sql at all',
  ])('is not run when it does more than read: %s', async (sql) => {
    await expect(database.manager.queryReadOnly(sql)).rejects.toMatchObject({ code: 'DB_QUERY_REJECTED' });
    expect(database.manager.getDatabaseStats().cacheSize).toBe(3);
  });

  it('cannot load an extension', async () => {
    const query = database.manager.queryReadOnly("SELECT load_extension('/lib/evil.so')");
    await expect(query).rejects.toMatchObject({ code: expect.stringMatching(/^DB_QUERY_(REJECTED|FAILED)$/) });
  });

  it('is stopped when its time is over, even if it never returns a row', async () => {
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
    await expect(database.manager.queryReadOnly(endless, { timeoutMs: 500 })).rejects.toMatchObject({
      code: 'DB_QUERY_TIMEOUT',
    });
  });

  it('stops before its result grows too large', async () => {
    const greedy = 'SELECT hex(zeroblob(1000000)) FROM (VALUES (1), (2), (3), (4))';
    const result = await database.manager.queryReadOnly(greedy, { maxBytes: 5_000_000 });
    expect([result.rows.length, result.truncated]).toEqual([2, true]);
  });

  it('reads a database in memory as well', async () => {
    using manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    manager.exec("INSERT INTO cache (key, value) VALUES ('m', '1')");
    expect((await manager.queryReadOnly('SELECT key FROM cache')).rows).toEqual([['m']]);
  });
});

describe('a query where no process can be started', () => {
  const warnings: string[] = [];
  beforeEach(() => {
    vi.stubEnv('CODEBUDDY_STARTED_PROCESS', '1');
    warnings.length = 0;
    database.manager.on('db:warning', ({ message }) => warnings.push(message));
  });

  it('runs in a thread, behind the same guards, and a warning says so', async () => {
    const { rows } = await database.manager.queryReadOnly('SELECT count(*) FROM cache');
    expect([rows, warnings]).toEqual([[[3]], [expect.stringContaining('runs in a thread')]]);
    const { truncated } = await database.manager.queryReadOnly('SELECT key FROM cache', { maxRows: 2 });
    expect(truncated).toBe(true);
    await expect(database.manager.queryReadOnly('DELETE FROM cache')).rejects.toMatchObject({
      code: 'DB_QUERY_REJECTED',
    });
    await expect(
      database.manager.queryReadOnly("EXPLAIN SELECT key FROM cache WHERE key = 'a'"),
    ).resolves.toBeDefined();
  });

  it('is refused if it is recursive, with or without the word, since it could not be stopped', async () => {
    for (const recursive of ['RECURSIVE', '']) {
      const endless = `WITH ${recursive} n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n`;
      await expect(database.manager.queryReadOnly(endless)).rejects.toMatchObject({
        code: 'DB_QUERY_REJECTED',
        message: expect.stringContaining('recursive'),
      });
    }
  });

  it('is over for the caller when its time is over', async () => {
    const list = `(VALUES ${Array.from({ length: 80 }, (_, i) => `(${i})`).join(', ')})`;
    const long = `SELECT count(*) FROM ${list} a, ${list} b, ${list} c, ${list} d WHERE a.column1 + b.column1 < c.column1`;
    await expect(database.manager.queryReadOnly(long, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'DB_QUERY_TIMEOUT',
    });
  });

  it('reads a database in memory as well', async () => {
    using manager = new DatabaseManager({ inMemory: true });
    await manager.initialize();
    manager.exec("INSERT INTO cache (key, value) VALUES ('m', '1')");
    expect((await manager.queryReadOnly('SELECT key FROM cache')).rows).toEqual([['m']]);
  });
});

it('returns integers that a number can not hold exactly as bigints, and others as numbers', async () => {
  using database = await temporaryDatabase();
  const { rows } = await database.manager.queryReadOnly(
    'SELECT 9007199254740991, 9007199254740993, -9007199254740993, 9223372036854775807, -1, 1.5, 1e300',
  );
  const [first, ...rest] = rows[0] ?? [];
  expect([first, ...rest]).toEqual([
    9007199254740991,
    9007199254740993n,
    -9007199254740993n,
    9223372036854775807n,
    -1,
    1.5,
    1e300,
  ]);
});

it('refuses a query with more behind a NUL character', async () => {
  using database = await temporaryDatabase();
  await expect(database.manager.queryReadOnly('SELECT 1\0; DROP TABLE memories')).rejects.toMatchObject({
    code: 'DB_QUERY_REJECTED',
  });
});
