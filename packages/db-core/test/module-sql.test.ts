import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { DatabaseManager } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

const NAME = 'prospective-memory';

/** Everything that a file holds, table by table. */
function contents(db: Database): unknown {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0").raw().all().flat();
  const rows = tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).all()]);
  return [db.prepare('SELECT type, name, sql FROM sqlite_schema').all(), rows, db.pragma('user_version')];
}

describe('the SQL of a module', () => {
  let folder: TemporaryFolder;
  let manager: DatabaseManager;
  beforeEach(async () => {
    folder = new TemporaryFolder();
    manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
    await manager.initialize();
    manager.exec("INSERT INTO memories (id, type, scope, content) VALUES ('m', 'fact', 'user', 'kept')");
    manager.exec(
      "INSERT INTO sessions (id) VALUES ('s'); INSERT INTO messages (session_id, role) VALUES ('s', 'user')",
    );
    await manager.registerModule({
      name: `${NAME}-plus`,
      migrations: {
        1: "CREATE TABLE prospective_memory_plus_x (a); INSERT INTO prospective_memory_plus_x VALUES ('theirs')",
      },
    });
  });
  afterEach(() => {
    manager.close();
    folder[Symbol.dispose]();
  });

  const own = 'CREATE TABLE prospective_memory_x (a);';
  it.each([
    'DELETE FROM memories',
    'DELETE FROM "memories"',
    'DELETE FROM [memories]',
    'DELETE FROM `memories` WHERE TRUE',
    "DELETE FROM 'memories'",
    'UPDATE main.memories SET importance = 0',
    'UPDATE OR REPLACE memories SET id = id',
    'WITH gone AS (SELECT 1) DELETE FROM memories',
    'INSERT INTO cache (key, value) SELECT id, 1 FROM memories',
    "REPLACE INTO cache (key, value) VALUES ('k', 1)",
    "INSERT INTO memories (id, type, scope, content) VALUES ('m', 'fact', 'user', 'kept') ON CONFLICT DO UPDATE SET importance = 0",
    'DELETE FROM memories RETURNING *',
    'COMMIT; DROP TABLE memories',
    'END; DROP TABLE memories; BEGIN',
    'ROLLBACK; DELETE FROM memories',
    'SAVEPOINT x; RELEASE x',
    '/* CREATE */ COMMIT; DELETE FROM memories',
    '-- CREATE\nCOMMIT; DELETE FROM memories; -- \n',
    ';;COMMIT; DELETE FROM memories',
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'memories'",
    'PRAGMA user_version = 7',
    "ATTACH ':memory:' AS other",
    'VACUUM',
    'ANALYZE',
    'EXPLAIN SELECT 1',
    'CREATE TRIGGER prospective_memory_t AFTER INSERT ON cache BEGIN SELECT 1; END',
    `${own} CREATE TRIGGER prospective_memory_t AFTER INSERT ON prospective_memory_x BEGIN DELETE FROM memories; END`,
    `${own} CREATE TRIGGER prospective_memory_t AFTER DELETE ON prospective_memory_x BEGIN UPDATE memories SET importance = 0; END; DELETE FROM prospective_memory_x`,
    `${own} CREATE TRIGGER prospective_memory_t AFTER UPDATE OF a ON prospective_memory_x BEGIN INSERT INTO memories_fts(memories_fts) VALUES ('delete-all'); END`,
    `${own} CREATE TRIGGER prospective_memory_t AFTER INSERT ON prospective_memory_x BEGIN UPDATE sqlite_sequence SET seq = 0; END`,
    `CREATE VIEW prospective_memory_v AS SELECT 1 AS a;
     CREATE TRIGGER prospective_memory_t INSTEAD OF INSERT ON prospective_memory_v BEGIN DELETE FROM memories; END`,
    `${own} CREATE VIEW prospective_memory_v AS SELECT 1 AS a;
     CREATE TRIGGER prospective_memory_t INSTEAD OF DELETE ON prospective_memory_v BEGIN DELETE FROM cache; END;
     CREATE TRIGGER prospective_memory_u AFTER INSERT ON prospective_memory_x BEGIN DELETE FROM prospective_memory_v; END`,
    `${own} CREATE TRIGGER not_its_own AFTER INSERT ON prospective_memory_x BEGIN SELECT 1; END`,
    `${own} CREATE INDEX not_its_own ON prospective_memory_x(a)`,
    "INSERT INTO memories_fts(memories_fts) VALUES ('delete-all')",
    'DELETE FROM memories_fts_data',
    'DROP TABLE memories_fts',
    `DROP TABLE memories_fts; CREATE VIRTUAL TABLE memories_fts USING fts5(
  content, identifiers, content = 'memories', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2'
)`,
    'ALTER TABLE memories RENAME TO prospective_memory_stolen',
    'ALTER TABLE memories ADD COLUMN prospective_memory_mood',
    'ALTER TABLE memories_fts RENAME TO prospective_memory_fts',
    'DROP INDEX memories_rank',
    'CREATE INDEX prospective_memory_i ON memories(content)',
    'DROP TRIGGER memories_ai',
    'DROP VIEW code_embeddings',
    'DROP TABLE cache',
    'CREATE TEMP TABLE memories (x)',
    'CREATE TABLE temp.prospective_memory_x (x)',
    'CREATE TEMP TRIGGER prospective_memory_t AFTER INSERT ON main.memories BEGIN SELECT 1; END',
    'CREATE TABLE tasks (x)',
    'CREATE VIEW tasks AS SELECT 1',
    'CREATE VIRTUAL TABLE tasks USING fts5(a)',
    'DELETE FROM sqlite_sequence',
    "UPDATE sqlite_sequence SET seq = 0 WHERE name = 'messages'",
    'UPDATE schema_version SET version = 99',
    'DELETE FROM module_versions',
    'DELETE FROM prospective_memory_plus_x',
    'CREATE TABLE prospective_memory_plus_y (a)',
    `${own} NONSENSE`,
  ])('is refused, and changes nothing: %s', async (sql) => {
    const before = contents(manager.getDatabase());
    const files = readdirSync(folder.path);
    await expect(manager.registerModule({ name: NAME, migrations: { 1: sql } })).rejects.toMatchObject({
      code: 'DB_MIGRATION_FAILED',
      version: 1,
      message: expect.stringContaining('left as it was'),
    });
    expect(contents(manager.getDatabase())).toEqual(before);
    expect(manager.prepare('SELECT count(*) AS n FROM sqlite_temp_schema').all()).toEqual([{ n: 0 }]);
    expect(readdirSync(folder.path)).toEqual(files);
  });

  it.each(['memories', 'cache', 'memories-fts', 'schema'])(
    'is refused under the name %s, which tables of ours begin with',
    async (name) => {
      const prefix = name.replaceAll('-', '_');
      await expect(
        manager.registerModule({ name, migrations: { 1: `CREATE TABLE ${prefix}_mine (x)` } }),
      ).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
    },
  );

  it('may do what it likes with its own tables, and read others', async () => {
    const migrations = {
      1: `-- Tasks; and what was said of them.
        CREATE TABLE prospective_memory_tasks (
          id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT DEFAULT 'a; b', state TEXT, memory TEXT REFERENCES memories(id) ON DELETE CASCADE
        );
        CREATE UNIQUE INDEX prospective_memory_titles ON prospective_memory_tasks(title);
        CREATE TABLE prospective_memory_log (key TEXT PRIMARY KEY, n INTEGER DEFAULT 0) WITHOUT ROWID;
        CREATE VIRTUAL TABLE prospective_memory_fts USING fts5(title, content = 'prospective_memory_tasks', content_rowid = 'id');
        CREATE VIRTUAL TABLE prospective_memory_words USING fts5vocab('prospective_memory_fts', 'row');
        CREATE TRIGGER prospective_memory_ai AFTER INSERT ON prospective_memory_tasks BEGIN
          INSERT INTO prospective_memory_fts(rowid, title) VALUES (new.id, new.title);
          INSERT INTO prospective_memory_log VALUES (CASE WHEN new.state IS NULL THEN 'none' ELSE new.state END, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
        END;
        CREATE VIEW prospective_memory_open AS SELECT * FROM prospective_memory_tasks WHERE state IS NULL;
        CREATE TRIGGER prospective_memory_done INSTEAD OF DELETE ON prospective_memory_open BEGIN
          UPDATE prospective_memory_tasks SET state = 'done' WHERE id = old.id;
        END;
        INSERT INTO prospective_memory_tasks (title, memory) SELECT content, id FROM memories RETURNING id;
        WITH more(t) AS (VALUES ('one'), ('two')) INSERT INTO prospective_memory_tasks (title) SELECT t FROM more`,
      2: `ALTER TABLE prospective_memory_tasks ADD COLUMN due TEXT;
        ALTER TABLE prospective_memory_log RENAME TO prospective_memory_counts;
        DELETE FROM prospective_memory_open WHERE title = 'one';
        REPLACE INTO prospective_memory_counts VALUES ('replaced', 7);
        CREATE TABLE prospective_memory_gone AS SELECT * FROM prospective_memory_tasks;
        DROP TABLE prospective_memory_gone; SELECT count(*) FROM messages;`,
    };
    await manager.registerModule({ name: NAME, migrations });
    const all = (sql: string) => manager.prepare(sql).raw().all();
    expect(all('SELECT title, state FROM prospective_memory_tasks ORDER BY id')).toEqual([
      ['kept', null],
      ['one', 'done'],
      ['two', null],
    ]);
    expect(all("SELECT rowid FROM prospective_memory_fts WHERE prospective_memory_fts MATCH 'two'")).toEqual([[3]]);
    expect(all('SELECT * FROM prospective_memory_counts')).toEqual([
      ['none', 3],
      ['replaced', 7],
    ]);
  });

  it('is run after the file was copied if it holds data, and is told of once it is committed', async () => {
    const steps: unknown[] = [];
    manager.on('db:migration', (step) => steps.push(step));
    const migrations = { 1: own, 2: "INSERT INTO prospective_memory_x VALUES ('new')" };
    await manager.registerModule({ name: NAME, migrations });
    const copy = readdirSync(folder.path).find((name) => name.includes('.prospective-memory.v0.')) ?? '';
    const step = { module: NAME, applied: true, backupPath: folder.join(copy) };
    expect(steps).toEqual([
      { ...step, version: 1 },
      { ...step, version: 2 },
    ]);
    const before = connect(folder.join(copy), { readonly: true });
    expect(before.prepare('SELECT content FROM memories').all()).toEqual([{ content: 'kept' }]);
    expect(before.prepare("SELECT name FROM sqlite_schema WHERE name = 'prospective_memory_x'").all()).toEqual([]);
    before.close();
  });

  it('needs no copy of a file that holds nothing yet', async () => {
    using other = new DatabaseManager({ dbPath: folder.join('other.db') });
    await other.registerModule({ name: NAME, migrations: { 1: own } });
    await other.initialize();
    expect(readdirSync(folder.path).filter((name) => name.startsWith('other') && name.endsWith('.bak'))).toEqual([]);
  });
});
