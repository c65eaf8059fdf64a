import type { Database } from '../connection/driver.ts';
import { readPragma } from '../connection/pragmas.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';

/** The schema that a file holds. */
export interface StoredSchema {
  readonly applicationId: number;
  /** Tables with rows of their own. */
  readonly tables: readonly { readonly name: string; readonly sql: string; readonly withoutRowid: boolean }[];
  /** The SQL of indexes. */
  readonly indexes: readonly string[];
  /** The SQL of full-text tables, views and triggers, in the order in which they can be made. */
  readonly others: readonly string[];
}

const ORDER = ['table', 'view', 'trigger'];

/**
 * Reads a schema. What a virtual table keeps its own data in is left out: making the virtual table makes it.
 *
 * @throws CorruptError when the first pages are damaged
 */
export function readSchema(db: Database): StoredSchema {
  const rows = contextOf(db)
    .prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL', 'recovery.readSchema')
    .all()
    .map((row) => ({ type: read.text(row, 'type'), name: read.text(row, 'name'), sql: read.text(row, 'sql') }))
    .filter(({ name }) => !name.startsWith('sqlite_'));
  const kinds = new Map(
    contextOf(db)
      .prepare('SELECT name, type, wr FROM pragma_table_list', 'recovery.readSchema')
      .all()
      .map((row) => [read.text(row, 'name'), { type: read.text(row, 'type'), withoutRowid: read.flag(row, 'wr') }]),
  );
  const kindOf = (name: string) => kinds.get(name)?.type;
  return {
    applicationId: readPragma(db, 'application_id'),
    tables: rows
      .filter(({ type, name }) => type === 'table' && kindOf(name) === 'table')
      .map(({ name, sql }) => ({ name, sql, withoutRowid: kinds.get(name)?.withoutRowid === true })),
    indexes: rows.filter(({ type }) => type === 'index').map(({ sql }) => sql),
    others: rows
      .filter(({ type, name }) => type === 'view' || type === 'trigger' || kindOf(name) === 'virtual')
      .sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type))
      .map(({ sql }) => sql),
  };
}
