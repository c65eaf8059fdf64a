import { statSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, DatabaseManager } from '../src/index.ts';
import { contextOf, escapeLike, Filter, pageParameters, read, toFtsQuery } from '../src/internal.ts';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '../src/testing/index.ts';

let database: TemporaryDatabase;
beforeAll(async () => {
  database = await temporaryDatabase();
});
afterAll(() => database[Symbol.dispose]());

describe('a prepared statement', () => {
  const prepare = (sql: string) => contextOf(database.db).prepare(sql, 'test.call');

  it.each([undefined, Number.NaN])('refuses %s, which SQLite would store as NULL', (value) => {
    const parameters = { value } as unknown as { value: number };
    expect(() => prepare('SELECT @value AS value').get(parameters)).toThrow(
      expect.objectContaining({ code: 'DB_INVALID_INPUT' }),
    );
  });

  it('names its operation in the errors it classifies', () => {
    const insert = prepare("INSERT INTO cache (key, value) VALUES (@key, 'not json')");
    expect(() => insert.run({ key: 'k' })).toThrow(
      expect.objectContaining({ code: 'DB_CONSTRAINT', operation: 'test.call', retryable: false }),
    );
    expect(() => prepare('SELECT * FROM nowhere')).toThrow(expect.objectContaining({ code: 'DB_QUERY_FAILED' }));
  });

  it('tells a value that is too large', () => {
    const insert = prepare('INSERT INTO cache (key, value) VALUES (@key, zeroblob(2000000000))');
    expect(() => insert.run({ key: 'k' })).toThrow(expect.objectContaining({ code: 'DB_TOO_LARGE' }));
  });
});

describe('a write that returns rows', () => {
  const INSERT = "INSERT INTO cache (key, value) VALUES (@key, '1') RETURNING key";
  const first = (rows: Iterable<unknown>) => rows[Symbol.iterator]().next().value;
  const roads: Readonly<Record<string, (db: Database, key: string) => unknown>> = {
    get: (db, key) => contextOf(db).prepare(INSERT, 'test').get({ key }),
    iterate: (db, key) => first(contextOf(db).prepare(INSERT, 'test').iterate({ key })),
    "the driver's get": (db, key) => db.prepare(INSERT).get({ key }),
    "the driver's iterate": (db, key) => first(db.prepare(INSERT).iterate({ key })),
  };

  it.each(Object.entries(roads))(
    'is refused through %s if its commit fails, and stored otherwise',
    async (_, write) => {
      using folder = new TemporaryFolder();
      const config = { dbPath: folder.join('agent.db'), walMode: false, busyTimeoutMs: 0 };
      using writer = new DatabaseManager(config);
      await writer.initialize();
      using reader = new DatabaseManager(config);
      await reader.initialize();
      // Under a rollback journal, a commit has to wait for readers.
      reader.exec('BEGIN');
      reader.prepare('SELECT count(*) FROM cache').get();
      expect(() => write(writer.getDatabase(), 'k')).toThrow(/busy|locked/);
      reader.exec('COMMIT');
      expect(reader.prepare('SELECT key FROM cache').all()).toEqual([]);
      expect(write(writer.getDatabase(), 'k')).toEqual({ key: 'k' });
      expect(reader.prepare('SELECT key FROM cache').all()).toEqual([{ key: 'k' }]);
    },
  );

  it('leaves a small log, however many there are and however large one is', async () => {
    using file = await temporaryDatabase();
    const sizes: number[] = [];
    const insert = contextOf(file.db).prepare(
      'INSERT INTO cache (key, value) VALUES (@key, json_quote(@value)) RETURNING key',
      'test',
    );
    const write = (key: string, value: string) => {
      insert.get({ key, value });
      sizes.push(statSync(`${file.db.name}-wal`).size);
    };
    for (let i = 0; i < 500; i++) write(`small ${i}`, 'x'.repeat(40_000));
    write('large', 'x'.repeat(40_000_000));
    contextOf(file.db).transaction('test', () => {
      for (let i = 0; i < 30; i++) insert.get({ key: `part ${i}`, value: 'x'.repeat(1_000_000) });
    });
    write('last', 'x');
    file.manager.vacuum();
    sizes.push(statSync(`${file.db.name}-wal`).size);
    expect(Math.max(...sizes)).toBeLessThan(16_000_000);
  });
});

describe("a large write by the driver's own calls", () => {
  const INSERT = "INSERT INTO cache (key, value) VALUES ('large', json_quote(hex(zeroblob(9000000))))";
  const roads: Readonly<Record<string, (db: Database) => unknown>> = {
    exec: (db) => db.exec(INSERT),
    'a statement': (db) => db.prepare(INSERT).run(),
    'all rows of a statement': (db) => db.prepare(`${INSERT} RETURNING key`).all(),
    'a transaction': (db) => db.transaction(() => db.prepare(INSERT).run())(),
    'an immediate transaction': (db) => db.transaction(() => db.prepare(INSERT).run()).immediate(),
    'an exclusive transaction': (db) => db.transaction(() => db.prepare(INSERT).run()).exclusive?.(),
    'SQL of its own': (db) => db.exec(`BEGIN; ${INSERT}; COMMIT`),
    'a prepared COMMIT': (db) => {
      const commit = db.prepare('COMMIT');
      db.exec(`BEGIN; ${INSERT}`);
      commit.run();
    },
  };

  it.each(Object.entries(roads))('leaves a small log: %s', async (_, write) => {
    using file = await temporaryDatabase();
    write(file.db);
    expect(statSync(`${file.db.name}-wal`).size).toBeLessThan(16_000_000);
    expect(file.db.prepare('SELECT key FROM cache').all()).toEqual([{ key: 'large' }]);
  });

  it('hands its receiver, its arguments and its result through a transaction', () => {
    const receiver = { key: 'r' };
    const transaction = database.db.transaction(function (this: unknown, ...parameters: unknown[]) {
      return [this, ...parameters, database.db.inTransaction];
    });
    expect(Reflect.apply(transaction, receiver, [1, 2])).toEqual([receiver, 1, 2, true]);
    expect(Reflect.get(transaction, 'database')).toBe(database.db);
  });
});

describe('a transaction', () => {
  it('leaves nothing behind when it throws, and can be nested', () => {
    const insert = contextOf(database.db).prepare("INSERT INTO cache (key, value) VALUES (@key, '1')", 'test');
    const transaction = contextOf(database.db).transaction;
    const inner = () =>
      transaction('inner', () => {
        insert.run({ key: 'inner' });
        throw new Error('inner fails');
      });
    transaction('outer', () => {
      insert.run({ key: 'outer' });
      expect(inner).toThrow('inner fails');
    });
    expect(database.db.prepare('SELECT key FROM cache').all()).toEqual([{ key: 'outer' }]);
  });

  it('refuses a function that is async, and keeps nothing of it', () => {
    const insert = contextOf(database.db).prepare("INSERT INTO cache (key, value) VALUES (@key, '1')", 'test');
    const slow = async () => void insert.run({ key: 'async' });
    expect(() => contextOf(database.db).transaction('slow', slow)).toThrow(/not async/);
    expect(database.db.inTransaction).toBe(false);
    expect(database.db.prepare("SELECT key FROM cache WHERE key = 'async'").all()).toEqual([]);
  });

  it('refuses an async function before it runs, and a promise that rejects ends no process', async () => {
    const unheard: unknown[] = [];
    const listen = (reason: unknown) => unheard.push(reason);
    process.on('unhandledRejection', listen);
    let runs = 0;
    const run = contextOf(database.db).transaction;
    expect(() => run('slow', async () => runs++)).toThrow(/not async/);
    expect(runs).toBe(0);
    expect(() => run('slow', () => Promise.reject(new Error('unheard')))).toThrow(/not async/);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listen);
    expect(unheard).toEqual([]);
    expect(database.db.inTransaction).toBe(false);
  });
});

describe('full-text queries', () => {
  beforeAll(() => {
    database.manager.exec(
      "INSERT INTO memories (id, type, scope, content) VALUES ('m', 'fact', 'user', 'the retry-helper uses foo-bar AND café')",
    );
  });
  const search = (input: string) => {
    const query = toFtsQuery(input);
    if (query === undefined) return undefined;
    return database.db.prepare('SELECT rowid FROM memories_fts WHERE memories_fts MATCH ?').all(query).length;
  };

  it.each([
    'foo-bar',
    '"retry"',
    'uses AND',
    'helper*',
    'NEAR(retry',
    'cafe',
    'retry^ helper',
    'content:retry',
    "it's",
    '-retry',
  ])('take %j as words', (input) => expect(search(input)).toBeTypeOf('number'));

  it('find words, the last one by its beginning, accents aside', () => {
    expect([search('foo-bar'), search('retry hel'), search('CAFE'), search('absent')]).toEqual([1, 1, 1, 0]);
  });

  it.each(['', '  ', '*', '"', '()', '___'])('find nothing in %j', (input) => expect(search(input)).toBeUndefined());

  it('never fail on what a person types', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => void search(input)),
      { numRuns: 1_000 },
    );
  });
});

it('LIKE takes what a person types literally', () => {
  const matches = database.db.prepare("SELECT @text LIKE '%' || @pattern || '%' ESCAPE '\\' AS matches");
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: fc.constantFrom('%', '_', '\\', 'a', 'b') }), (text, part) => {
      const row = matches.get({ text: `${text}${part}`.replaceAll('\0', ''), pattern: escapeLike(part) });
      expect(row).toEqual({ matches: 1 });
    }),
  );
  expect(matches.get({ text: 'abc', pattern: escapeLike('a%c') })).toEqual({ matches: 0 });
  expect(matches.get({ text: 'abc', pattern: escapeLike('a_c') })).toEqual({ matches: 0 });
});

describe('the context of a connection', () => {
  const COUNT = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n';

  it('prepares a text once, for whatever operation', () => {
    const prepare = vi.spyOn(database.db, 'prepare');
    const statements = ['first', 'second'].map((operation) =>
      contextOf(database.db).prepare('SELECT abs(@value) AS value', operation),
    );
    expect(prepare).toHaveBeenCalledTimes(1);
    prepare.mockRestore();
    for (const [index, operation] of ['first', 'second'].entries()) {
      expect(() => statements[index]?.get({ value: -(2n ** 63n) })).toThrow(expect.objectContaining({ operation }));
    }
  });

  it('lets a statement be used while it is iterated', () => {
    const statement = contextOf(database.db).prepare(COUNT, 'test');
    const seen: unknown[] = [];
    for (const row of statement.iterate()) seen.push([row, statement.all().length]);
    expect(seen).toEqual([1, 2, 3].map((i) => [{ i }, 3]));
  });
});

describe('filters and pages', () => {
  it('leave out what is absent, and keep 0 and the empty list', () => {
    const filter = new Filter().equals('a', undefined).equals('b', 0).atLeast('c', 0).oneOf('d', []);
    expect(filter.clause()).toBe(
      'WHERE b = @filter0 AND c >= @filter1 AND d IN (SELECT value FROM json_each(@filter2))',
    );
    expect(filter.parameters({ x: 1 })).toEqual({ filter0: 0, filter1: 0, filter2: '[]', x: 1 });
    expect(new Filter().clause()).toBe('');
  });

  it('take a limit of 0, and an offset without a limit', () => {
    expect(pageParameters({ limit: 0 })).toEqual({ limit: 0, offset: 0 });
    expect(pageParameters({ offset: 3 })).toEqual({ limit: -1, offset: 3 });
    expect(() => pageParameters({ limit: -1 })).toThrow(/Invalid limit/);
    expect(() => pageParameters({ offset: 1.5 })).toThrow(/Invalid offset/);
  });

  it('keep more statements than the cache holds correct', () => {
    const cache = contextOf(database.db).dynamicStatements;
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 300; i++) {
        expect(read.number(cache.prepare(`SELECT ${i} AS i`, 'test').one(), 'i')).toBe(i);
      }
    }
  });
});
