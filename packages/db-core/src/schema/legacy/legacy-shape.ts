import type { Database } from '../../connection/driver.ts';
import { DOMAINS } from '../../domains/index.ts';
import { contextOf } from '../../sql/connection-context.ts';
import * as read from '../../sql/row-readers.ts';

const REQUIRED_COLUMNS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  DOMAINS.flatMap(({ legacy }) => Object.entries(legacy?.required ?? {})),
);

/** The tables that an earlier Code-Buddy's file may have, and ours replace. */
export const LEGACY_TABLES: readonly string[] = Object.keys(REQUIRED_COLUMNS);

/** Returns whether the tables of an unmarked file are those of an earlier Code-Buddy, and no other program's. */
export function looksLikeCodeBuddy(db: Database, tables: readonly string[]): boolean {
  const present = LEGACY_TABLES.filter((table) => tables.includes(table));
  return (
    present.length > 0 &&
    present.every((table) => {
      const columns = columnNames(db, table);
      return (REQUIRED_COLUMNS[table] ?? []).every((column) => columns.has(column));
    })
  );
}

/** Returns the names of a table's columns. */
export function columnNames(db: Database, table: string): ReadonlySet<string> {
  const statement = contextOf(db).prepare('SELECT name FROM pragma_table_xinfo(@table)', 'schema.inspect');
  return new Set(statement.all({ table }).map((row) => read.text(row, 'name')));
}
