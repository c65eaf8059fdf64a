import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../src/connection/connect.ts';
import type { Database } from '../src/connection/driver.ts';
import { DatabaseManager } from '../src/index.ts';
import { CODE_VECTORS, vectorIndexOf } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/sql-that-changed.md', import.meta.url)), 'utf8');
const [WORKS = '', ...CHANGED] = Array.from(PAGE.matchAll(/^```sql\n(.*?)^```/gms), ([, sql = '']) => sql);
const OURS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Takes SQL apart into its statements; none of the page's has a semicolon inside. */
const statementsOf = (sql: string) =>
  sql
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** Runs a statement as another program would, which may be one that reads. */
function run(db: Database, sql: string): unknown {
  const statement = db.prepare(sql);
  return statement.reader ? statement.all() : statement.run();
}

describe('SQL of other modules, on a connection that is not ours', () => {
  let folder: TemporaryFolder;
  let manager: DatabaseManager;
  let other: Database;
  beforeEach(async () => {
    folder = new TemporaryFolder();
    manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
    await manager.initialize();
    other = connect(folder.join('agent.db'));
  });
  afterEach(() => {
    other.close();
    manager.close();
    folder[Symbol.dispose]();
  });

  it('runs as the page of changed SQL says, and leaves instants in our form', () => {
    for (const sql of statementsOf(WORKS)) expect(() => run(other, sql), sql).not.toThrow();
    const columns = other
      .prepare(
        `SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
         WHERE t.type = 'table' AND (c.name LIKE '%\\_at' ESCAPE '\\' OR c.name LIKE 'last\\_%' ESCAPE '\\')`,
      )
      .raw()
      .all()
      .filter(Array.isArray);
    const stored = columns.flatMap(([table, column]) =>
      other.prepare(`SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL`).raw().all().flat(),
    );
    expect(stored.length).toBeGreaterThan(15);
    for (const instant of stored) expect(instant).toMatch(OURS);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
    expect(other.prepare('SELECT message_count FROM sessions').raw().all()).toEqual([[1]]);
  });

  it.each(CHANGED.map((sql) => sql.split(/^-- (?:before|now)\n/m)))(
    'is refused, or runs, as the page says %#',
    (_, before = '', now = '') => {
      for (const sql of statementsOf(WORKS)) run(other, sql);
      expect(() => {
        for (const sql of statementsOf(before)) run(other, sql);
      }, before).toThrow(/./);
      expect(statementsOf(now)).not.toEqual([]);
      for (const sql of statementsOf(now)) expect(() => run(other, sql), sql).not.toThrow();
      expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
    },
  );

  it('writes chunks of code through the view, where searches find them and nothing is left of old ones', () => {
    const db = manager.getDatabase();
    const count = (table: string) => Number(db.prepare(`SELECT count(*) FROM ${table}`).raw().all().flat()[0]);
    const words = (word: string) =>
      db
        .prepare(
          'SELECT file_path FROM code_contents_fts AS f JOIN code_chunks AS c ON c.content_id = f.rowid WHERE code_contents_fts MATCH ?',
        )
        .raw()
        .all(word)
        .flat();
    const insert = (verb: string, text: string, vector: string) =>
      other.exec(`${verb} INTO code_embeddings (project_id, file_path, chunk_index, chunk_text, chunk_hash, embedding)
        VALUES ('p', 'a.ts', 0, '${text}', 'h', ${vector})`);
    const nearest = () =>
      vectorIndexOf(db, CODE_VECTORS).search({ vector: new Float32Array([1, 0]), model: 'unknown', topK: 5 });

    insert('INSERT', 'first', "x'0000803f00000000'");
    expect([words('first'), nearest()]).toMatchObject([['a.ts'], [{ similarity: 1 }]]);
    expect(() => insert('INSERT', 'second', "x'0000803f00000000'")).toThrow(/UNIQUE/);
    insert('INSERT OR IGNORE', 'second', "x'0000803f00000000'");
    expect([words('first'), words('second'), count('code_contents')]).toEqual([['a.ts'], [], 1]);
    insert('INSERT OR REPLACE', 'second', "x'000000000000803f'");
    expect([words('first'), words('second'), nearest()]).toMatchObject([[], ['a.ts'], [{ similarity: 0 }]]);
    db.exec("INSERT INTO indexed_files (project_id, file_path, content_hash) VALUES ('p', 'a.ts', 'hash')");
    other.exec("UPDATE code_embeddings SET symbol_name = 'second', chunk_index = 1");
    expect([count('code_contents'), count('indexed_files')]).toEqual([1, 0]);
    other.exec("UPDATE code_embeddings SET chunk_text = 'third', embedding_model = 'm' WHERE symbol_name = 'second'");
    expect([words('second'), words('third'), count('code_contents')]).toEqual([[], ['a.ts'], 1]);
    other.exec("DELETE FROM code_embeddings WHERE file_path = 'a.ts'");
    expect(['code_chunks', 'code_contents'].map(count)).toEqual([0, 0]);
    expect(manager.checkHealth('full')).toMatchObject({ ok: true, problems: [] });
  });
});
