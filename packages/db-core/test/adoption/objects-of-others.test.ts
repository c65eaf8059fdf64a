import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import type { Database } from '../../src/connection/driver.ts';
import { DatabaseManager } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { unpackVersion } from '../released/released-versions.ts';
import { writeLegacyFile } from '../support/legacy-file.ts';

const all = (db: Database, sql: string) => db.prepare(sql).all();

describe('indexes, triggers and views that a user added to the file of an earlier release', () => {
  let folder: TemporaryFolder;
  let manager: DatabaseManager;
  const warnings: string[] = [];
  beforeEach(() => {
    folder = new TemporaryFolder();
    manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
    warnings.length = 0;
    manager.on('db:warning', ({ message }) => warnings.push(message));
  });
  afterEach(() => {
    manager.close();
    folder[Symbol.dispose]();
  });

  const upgrade = async (sql: string) => {
    writeLegacyFile(folder.join('agent.db'), 2, (db) => db.exec(sql));
    await manager.initialize();
    return manager.getDatabase();
  };
  const rejects = (db: Database) =>
    all(db, 'SELECT row FROM adoption_rejects').map((record) => Object(JSON.parse(String(Object(record).row))));

  it('are kept, and do their work', async () => {
    const db = await upgrade(`
      CREATE INDEX my_index ON messages(role, tokens);
      CREATE UNIQUE INDEX my_rule ON sessions(name) WHERE name IS NOT NULL;
      CREATE TABLE my_log (what TEXT);
      CREATE TRIGGER "my ""trigger""" AFTER INSERT ON messages BEGIN INSERT INTO my_log VALUES (new.content); END;
      CREATE VIEW my_view AS SELECT content FROM messages WHERE role = 'user';
      CREATE TRIGGER on_my_own AFTER INSERT ON my_log BEGIN UPDATE sessions SET name = new.what WHERE id = 's'; END;
      INSERT INTO sessions (id, name) VALUES ('s', 'a');
      INSERT INTO messages (session_id, role, content) VALUES ('s', 'user', 'before');
      DELETE FROM my_log`);
    db.exec("INSERT INTO messages (session_id, role, content) VALUES ('s', 'user', 'after')");
    expect(all(db, 'SELECT what FROM my_log')).toEqual([{ what: 'after' }]);
    expect(all(db, 'SELECT name FROM sessions')).toEqual([{ name: 'after' }]);
    expect(all(db, 'SELECT content FROM my_view')).toEqual([{ content: 'before' }, { content: 'after' }]);
    expect(() => db.exec("INSERT INTO sessions (id, name) VALUES ('t', 'after')")).toThrow(/UNIQUE/);
    expect(all(db, "SELECT name FROM sqlite_schema WHERE name = 'my_index'")).toHaveLength(1);
    expect(rejects(db)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('are recorded with their SQL if they do not fit the tables of today, and a warning says so', async () => {
    const sql = {
      on_a_view_now: 'CREATE INDEX on_a_view_now ON code_embeddings(language)',
      of_a_lost_column: 'CREATE INDEX of_a_lost_column ON checkpoint_files(content)',
      writes_what_is_computed: `CREATE TRIGGER writes_what_is_computed AFTER INSERT ON messages BEGIN
        UPDATE sessions SET total_cost = total_cost + 1 WHERE id = new.session_id; END`,
      reads_a_lost_column: 'CREATE VIEW reads_a_lost_column AS SELECT content FROM checkpoint_files',
      memories_fts: "CREATE VIRTUAL TABLE memories_fts USING fts5(content, content = 'memories')",
    };
    const db = await upgrade(`${Object.values(sql).join(';\n')};
      CREATE TRIGGER fits AFTER DELETE ON messages BEGIN UPDATE sessions SET name = 'less' WHERE id = old.session_id; END`);
    expect(Object.fromEntries(rejects(db).map((record) => [record.name, record.sql]))).toEqual(sql);
    expect(warnings).toEqual([expect.stringMatching(/could not keep .*on_a_view_now.*adoption_rejects/)]);
    expect(all(db, "SELECT name FROM sqlite_schema WHERE name = 'fits'")).toHaveLength(1);
    db.exec("INSERT INTO sessions (id) VALUES ('s'); INSERT INTO messages (session_id, role) VALUES ('s', 'user')");
    expect(manager.checkHealth('full').problems).toEqual([]);
  });

  it('are left as they are if they were broken before', async () => {
    const db = await upgrade('CREATE VIEW broken AS SELECT x FROM nowhere');
    expect(all(db, "SELECT sql FROM sqlite_schema WHERE name = 'broken'")).toHaveLength(1);
    expect(rejects(db)).toEqual([]);
  });

  it('are kept by an upgrade from a version of ours too', async () => {
    const path = folder.join('agent.db');
    unpackVersion(4, path);
    const old = connect(path);
    old.exec(`CREATE INDEX my_index ON tool_stats(last_used);
      CREATE TABLE my_log (what TEXT);
      CREATE TRIGGER my_trigger AFTER INSERT ON messages BEGIN INSERT INTO my_log VALUES (new.content); END;
      CREATE VIEW my_view AS SELECT content FROM messages;
      INSERT INTO sessions (id) VALUES ('mine')`);
    old.close();
    await manager.initialize();
    const db = manager.getDatabase();
    db.exec("INSERT INTO messages (session_id, role, content) VALUES ('mine', 'user', 'after')");
    expect(all(db, 'SELECT what FROM my_log')).toEqual([{ what: 'after' }]);
    expect(all(db, "SELECT content FROM my_view WHERE content = 'after'")).toHaveLength(1);
    expect(all(db, "SELECT name FROM sqlite_schema WHERE name = 'my_index'")).toHaveLength(1);
    expect(warnings).toEqual([]);
  });
});
