import type { Database } from '../connection/driver.ts';
import { DOMAINS } from '../domains/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import { quoted } from '../sql/quoted.ts';
import * as read from '../sql/row-readers.ts';
import type { Derived } from '../table-kit/domain.ts';
import type { VectorSource } from '../table-kit/vector-source.ts';

/** Derived rows are made anew from the rows that were saved. */
const DERIVED: readonly Derived[] = DOMAINS.flatMap(({ derived = [], vectors }) => [
  ...derived,
  ...(vectors === undefined ? [] : [logOfAllVectors(vectors)]),
]);

/** Rows that point to a row which is not there, and what the schema says to do with them. */
const ORPHANS = `SELECT DISTINCT o."table" AS name, o.rowid AS id, k."from" AS "column", k.on_delete AS rule
FROM pragma_foreign_key_check AS o JOIN pragma_foreign_key_list(o."table") AS k ON k.id = o.fkid
WHERE o.rowid IS NOT NULL`;

/** Makes what was saved whole again, and returns how many rows of each table belong to none that was saved. */
export function makeConsistent(db: Database): ReadonlyMap<string, number> {
  const tables = new Set(names(db, "type = 'table'"));
  for (const derived of DERIVED) if (derived.tables.every((table) => tables.has(table))) db.exec(derived.sql);
  const lost = removeOrphans(db);
  for (const index of names(db, "sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'")) {
    db.exec(`INSERT INTO ${quoted(index)} (${quoted(index)}) VALUES ('rebuild')`);
  }
  return lost;
}

/** Logs every vector of a source as a change, so that its index is made from all of them. */
function logOfAllVectors({ name, table, from, key, vector }: VectorSource): Derived {
  const log = `${name}_vector_changes`;
  return {
    tables: ['vector_folds', log, name, table],
    sql: `INSERT OR IGNORE INTO vector_folds (source) VALUES ('${name}');
          INSERT INTO ${log} (key) SELECT ${key} FROM ${from} WHERE ${vector} IS NOT NULL`,
  };
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
