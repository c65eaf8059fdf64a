import type { Database } from '../connection/driver.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import { quoted } from './damaged-table.ts';

/** What is derived from other rows, by the table that must be there for it: made anew from the rows that were saved. */
const DERIVED: readonly { readonly table: string; readonly sql: string }[] = [
  {
    table: 'messages',
    // What somebody said is kept, although it is lost which conversation it was said in.
    sql: `INSERT OR IGNORE INTO sessions (id, name)
          SELECT DISTINCT session_id, 'Recovered' FROM messages WHERE session_id NOT IN (SELECT id FROM sessions);
          UPDATE sessions SET message_count = (SELECT count(*) FROM messages WHERE session_id = sessions.id)`,
  },
  {
    table: 'cache_totals',
    sql: `INSERT OR REPLACE INTO cache_totals (id, entries, bytes) SELECT 1, count(*), ifnull(sum(size), 0) FROM cache`,
  },
  {
    table: 'vector_folds',
    sql: `DELETE FROM vector_blocks;
          DELETE FROM vector_spaces;
          INSERT OR IGNORE INTO vector_folds (source) VALUES ('memories'), ('code_chunks'), ('cache');
          UPDATE vector_folds SET folded = 0, trimmed = 0;
          INSERT INTO memories_vector_changes (key) SELECT seq FROM memories WHERE embedding IS NOT NULL;
          INSERT INTO code_chunks_vector_changes (key) SELECT id FROM code_chunks;
          INSERT INTO cache_vector_changes (key) SELECT id FROM cache WHERE embedding IS NOT NULL`,
  },
  {
    table: 'full_text_bounds',
    sql: `INSERT OR REPLACE INTO full_text_bounds (source, indexed_to) VALUES ('code_contents', 0x7fffffffffffffff)`,
  },
];

/** Rows that point to a row which is not there, and what the schema says to do with them. */
const ORPHANS = `SELECT DISTINCT o."table" AS name, o.rowid AS id, k."from" AS "column", k.on_delete AS rule
FROM pragma_foreign_key_check AS o JOIN pragma_foreign_key_list(o."table") AS k ON k.id = o.fkid
WHERE o.rowid IS NOT NULL`;

/** Makes what was saved whole again, and returns how many rows of each table belong to none that was saved. */
export function makeConsistent(db: Database): ReadonlyMap<string, number> {
  const tables = new Set(names(db, "type = 'table'"));
  for (const { table, sql } of DERIVED) if (tables.has(table)) db.exec(sql);
  const lost = removeOrphans(db);
  for (const index of names(db, "sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'")) {
    db.exec(`INSERT INTO ${quoted(index)} (${quoted(index)}) VALUES ('rebuild')`);
  }
  return lost;
}

function removeOrphans(db: Database): ReadonlyMap<string, number> {
  const lost = new Map<string, number>();
  for (;;) {
    const orphans = contextOf(db).prepare(ORPHANS, 'recovery.removeOrphans').all();
    if (orphans.length === 0) return lost;
    for (const row of orphans) {
      const table = read.text(row, 'name');
      const where = `WHERE rowid = ${read.number(row, 'id')}`;
      if (read.text(row, 'rule') === 'SET NULL') {
        db.exec(`UPDATE ${quoted(table)} SET ${quoted(read.text(row, 'column'))} = NULL ${where}`);
      } else {
        db.exec(`DELETE FROM ${quoted(table)} ${where}`);
        lost.set(table, (lost.get(table) ?? 0) + 1);
      }
    }
  }
}

function names(db: Database, condition: string): string[] {
  const sql = `SELECT name FROM sqlite_schema WHERE ${condition}`;
  return contextOf(db)
    .prepare(sql, 'recovery.names')
    .all()
    .map((row) => read.text(row, 'name'));
}
