import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { DOMAINS } from '../src/domains/index.ts';
import { DatabaseManager, MIGRATIONS } from '../src/index.ts';
import { MEMORY_VECTORS, read, vectorIndexOf } from '../src/internal.ts';
import { runVersion } from '../src/schema/run-version.ts';
import { contextOf } from '../src/sql/connection-context.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { unpackVersion } from './released/released-versions.ts';

/** The beginnings of statements, by what becomes of a row that is in the way. */
const INSERTS = ['INSERT', 'INSERT OR REPLACE', 'REPLACE', 'INSERT OR IGNORE', 'INSERT OR ABORT', 'INSERT OR FAIL'];
const UPSERTS = ['', ' ON CONFLICT DO NOTHING'];
const UPDATES = ['UPDATE', 'UPDATE OR REPLACE', 'UPDATE OR IGNORE', 'UPDATE OR ABORT'];

const VECTORS = ["x'0000803f00000000'", "x'000000000000803f'", "x'0000803f0000803f'"];

/** Rows that other programs write, of tables that triggers watch: ids and names are few, so that they are in each other's way. */
const row = fc.record({
  number: fc.integer({ min: 1, max: 5 }),
  other: fc.integer({ min: 1, max: 5 }),
  word: fc.constantFrom('one', 'two', 'three', 'four'),
  vector: fc.constantFrom(...VECTORS),
});

/** Whether a statement names the row's number, or leaves it to SQLite, is the same for all: SQLite may choose others. */
const statement = (isKeyed: boolean) =>
  fc
    .tuple(
      fc.constantFrom('memories', 'messages', 'sessions', 'code_contents', 'code_chunks', 'cache'),
      fc.constantFrom(...INSERTS),
      fc.constantFrom(...UPSERTS),
      fc.constantFrom(...UPDATES),
      fc.integer({ min: 0, max: 3 }),
      row,
    )
    .map(([table, insert, upsert, update, kind, values]) => {
      if (kind === 0) return updateOf(table, update, values);
      if (kind === 1 && insert === 'INSERT')
        return insertInto(table, insert, isKeyed, values) + upsertOf(table, values);
      return insertInto(table, insert, isKeyed, values) + (insert === 'INSERT' ? upsert : '');
    });

type Values = typeof row extends fc.Arbitrary<infer Row> ? Row : never;

function insertInto(table: string, insert: string, isKeyed: boolean, { number, other, word, vector }: Values): string {
  const key = isKeyed ? String(number) : 'NULL';
  const into = {
    memories: `memories (seq, id, type, scope, content, embedding, embedding_model)
      VALUES (${key}, 'm${other}', 'fact', 'user', '${word}', ${vector}, 'm')`,
    messages: `messages (id, session_id, role, content, operation_id)
      VALUES (${key}, 's${1 + (other % 2)}', 'user', '${word}', ${number > 3 ? 'NULL' : `'o${other}'`})`,
    sessions: `sessions (id, name, message_count) VALUES ('s${1 + (other % 2)}', '${word}', ${number})`,
    code_contents: `code_contents (id, hash, text, embedding, embedding_model)
      VALUES (${number}, zeroblob(31) || x'0${other}', '${word}', ${vector}, 'c')`,
    code_chunks: `code_chunks (id, project_id, file_path, chunk_index, chunk_hash, content_id)
      SELECT ${key}, 'p', '${word}', ${other}, 'h', min(id) FROM code_contents HAVING count(*) > 0`,
    cache: `cache (id, key, value, embedding, embedding_model) VALUES (${key}, 'k${other}', '"${word}"', ${vector}, 'm')`,
  }[table];
  return `${insert} INTO ${into}${table === 'code_chunks' ? ' ' : ''}`;
}

function upsertOf(table: string, { word, number }: Values): string {
  const clause = {
    memories: `(id) DO UPDATE SET content = '${word} again'`,
    messages: `(id) DO UPDATE SET content = '${word} again'`,
    sessions: `(id) DO UPDATE SET name = '${word} again', message_count = ${number}`,
    code_contents: `(hash) DO UPDATE SET text = '${word} again'`,
    code_chunks: `(project_id, file_path, chunk_index) DO UPDATE SET language = '${word}'`,
    cache: `(key) DO UPDATE SET value = '"${word} again"'`,
  }[table];
  return ` ON CONFLICT ${clause}`;
}

function updateOf(table: string, update: string, { number, other, word }: Values): string {
  const change = {
    memories: `id = 'm${number}', content = '${word}' WHERE id = 'm${other}'`,
    messages: `operation_id = 'o${number}', content = '${word}' WHERE id = ${other}`,
    sessions: `message_count = ${number} WHERE id = 's1'`,
    code_contents: `hash = zeroblob(31) || x'0${number}', text = '${word}' WHERE hash = zeroblob(31) || x'0${other}'`,
    code_chunks: `chunk_index = ${number} WHERE chunk_index = ${other}`,
    cache: `key = 'k${number}' WHERE key = 'k${other}'`,
  }[table];
  return `${update} ${table} SET ${change}`;
}

/** What is compared: all columns but the counts that triggers keep, and the instants of writing. */
const ROWS = [
  'SELECT id, content, hex(embedding) FROM memories ORDER BY id',
  'SELECT id, session_id, content, operation_id FROM messages ORDER BY id',
  'SELECT id, name FROM sessions ORDER BY id',
  'SELECT id, hex(hash), text FROM code_contents ORDER BY id',
  'SELECT id, file_path, chunk_index, content_id, language FROM code_chunks ORDER BY id',
  'SELECT key, value FROM cache ORDER BY key',
];

const rowsOf = (db: Database) => ROWS.map((sql) => db.prepare(sql).raw().all());

const SEEDS = "INSERT INTO sessions (id) VALUES ('s1'), ('s2');";

/** Runs statements as another program would, and tells which were refused. */
function outcomes(db: Database, statements: readonly string[]): boolean[] {
  return statements.map((sql) => {
    try {
      db.exec(sql);
      return true;
    } catch {
      return false;
    }
  });
}

/** A database with our tables and indexes alone: what SQLite does by itself. */
function plainDatabase(): Database {
  const schema = connect(':memory:');
  for (const sql of Object.values(MIGRATIONS)) runVersion(schema, sql);
  const plain = connect(':memory:');
  const kept = schema
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND (type IN ('table', 'index') OR name LIKE 'code\\_contents\\_collected%' ESCAPE '\\')
         AND tbl_name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'trigger', type = 'index'`,
    )
    .raw()
    .all()
    .flat();
  for (const sql of kept) plain.exec(String(sql));
  schema.close();
  return plain;
}

/** Compares all that is derived with the rows it is derived from. */
function expectAgreement(manager: DatabaseManager): void {
  const db = manager.getDatabase();
  const all = (sql: string) => db.prepare(sql).raw().all();
  expect(all('SELECT id, message_count FROM sessions ORDER BY id')).toEqual(
    all('SELECT id, (SELECT count(*) FROM messages WHERE session_id = s.id) FROM sessions AS s ORDER BY id'),
  );
  expect(all('SELECT entries, bytes FROM cache_totals')).toEqual(
    all('SELECT count(*), ifnull(sum(size), 0) FROM cache'),
  );
  expect(all('SELECT replaces FROM conflict_probe')).toEqual([[0]]);
  for (const index of ['memories_fts', 'messages_fts', 'code_contents_fts']) {
    db.exec(`INSERT INTO ${index} (${index}, rank) VALUES ('integrity-check', 1)`);
  }
  for (const source of DOMAINS.flatMap(({ vectors = [] }) => vectors)) {
    const stored = contextOf(db)
      .prepare(`SELECT ${source.key} AS key FROM ${source.from} WHERE ${source.vector} IS NOT NULL`, source.name)
      .all()
      .map((row) => read.number(row, 'key'));
    const model = source.name === 'code_chunks' ? 'c' : 'm';
    const found = vectorIndexOf(db, source).search({ vector: new Float32Array([1, 0.5]), model, topK: 100 });
    expect(
      found.map(({ key }) => key).sort((a, b) => a - b),
      source.name,
    ).toEqual(stored.sort((a, b) => a - b));
  }
  expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
}

/** Other programs open a connection with these: better-sqlite3 with the first, the `sqlite3` command with the second. */
const CONNECTIONS = [
  'recursive_triggers = OFF; PRAGMA foreign_keys = ON',
  'recursive_triggers = OFF; PRAGMA foreign_keys = OFF',
  'recursive_triggers = ON; PRAGMA foreign_keys = ON',
];

describe.each(CONNECTIONS)('a connection of another program, with %s', (pragmas) => {
  it('leaves the rows that SQLite alone leaves, whatever it runs, and all that is derived from them agrees', async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    const statements = fc.boolean().chain((isKeyed) => fc.array(statement(isKeyed), { minLength: 1, maxLength: 25 }));
    await fc.assert(
      fc.asyncProperty(statements, async (run) => {
        using manager = new DatabaseManager({ dbPath: path });
        await manager.initialize();
        manager.clearAll();
        manager.exec(`DELETE FROM sqlite_sequence; ${SEEDS}`);
        using other = disposable(connect(path));
        using plain = disposable(plainDatabase());
        plain.db.exec(SEEDS);
        for (const { db } of [other, plain]) db.exec(`PRAGMA ${pragmas}`);
        expect(outcomes(other.db, run)).toEqual(outcomes(plain.db, run));
        expect(rowsOf(other.db)).toEqual(rowsOf(plain.db));
        expectAgreement(manager);
      }),
      { numRuns: 40 },
    );
  });
});

function disposable(db: Database): { readonly db: Database; [Symbol.dispose](): void } {
  return { db, [Symbol.dispose]: () => db.close() };
}

it('rows replaced through another SQLite than ours leave totals, full text and vectors right', async () => {
  using folder = new TemporaryFolder();
  using manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
  await manager.initialize();
  manager.exec(`${SEEDS}
    INSERT INTO messages (id, session_id, role, content) VALUES (1, 's1', 'user', 'jitter'), (2, 's2', 'user', 'backoff');
    INSERT INTO memories (id, type, scope, content, embedding, embedding_model)
    VALUES ('m1', 'fact', 'user', 'jitter', ${VECTORS[0]}, 'm'), ('m2', 'fact', 'user', 'backoff', ${VECTORS[1]}, 'm');
    INSERT INTO cache (key, value) VALUES ('k1', '"a long value"')`);
  const memories = vectorIndexOf(manager.getDatabase(), MEMORY_VECTORS);
  const query = { vector: new Float32Array([1, 0]), model: 'm', topK: 3 };
  expect(memories.search(query)).toHaveLength(2);
  manager.close();

  const other = new DatabaseSync(folder.join('agent.db'));
  other.exec(`REPLACE INTO messages (id, session_id, role, content) VALUES (1, 's2', 'user', 'other words');
    REPLACE INTO memories (id, type, scope, content, embedding, embedding_model)
    VALUES ('m1', 'fact', 'user', 'other words', ${VECTORS[2]}, 'm');
    REPLACE INTO cache (key, value) VALUES ('k1', '1');
    UPDATE sessions SET message_count = message_count + 1`);
  other.close();

  await manager.initialize();
  expectAgreement(manager);
  const count = (sql: string) => manager.prepare(sql).raw().all();
  expect(count('SELECT id, message_count FROM sessions ORDER BY id')).toEqual([
    ['s1', 0],
    ['s2', 2],
  ]);
  expect(count("SELECT rowid FROM messages_fts WHERE messages_fts MATCH 'jitter'")).toEqual([]);
  expect(count('SELECT entries, bytes FROM cache_totals')).toEqual([[1, 3]]);
});

it('a file whose totals an earlier release let drift is put right when it is opened', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  unpackVersion(4, path);
  const old = connect(path);
  old.exec(`REPLACE INTO messages (id, session_id, role, content) VALUES (1, 's2', 'user', 'moved by a REPLACE');
    REPLACE INTO cache (id, key, value) VALUES (1, 'k1', '1')`);
  expect(old.prepare('SELECT message_count FROM sessions ORDER BY id').raw().all()).toEqual([[3], [1]]);
  expect(old.prepare('SELECT entries FROM cache_totals').raw().all()).not.toEqual([[1]]);
  old.close();

  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  expect(manager.prepare('SELECT message_count FROM sessions ORDER BY id').raw().all()).toEqual([[2], [1]]);
  expect(manager.prepare('SELECT entries FROM cache_totals').raw().all()).toEqual([[1]]);
});
