import type { Database } from '../connection/driver.ts';
import { contextOf } from '../sql/connection-context.ts';
import { quoted } from '../sql/quoted.ts';
import * as read from '../sql/row-readers.ts';

/**
 * Returns statements on a table or view that fire every trigger it has, one for each kind of event. SQLite compiles the
 * programs of triggers with the statement that fires them, so explaining these shows what triggers do before any has run.
 */
export function statementsThatFire(db: Database, table: string): string[] {
  const columns = contextOf(db)
    .prepare('SELECT name FROM pragma_table_xinfo(@table) WHERE hidden = 0', 'schema.inspect')
    .all({ table })
    .map((row) => quoted(read.text(row, 'name')));
  const name = quoted(table);
  return [
    `INSERT INTO ${name} DEFAULT VALUES`,
    `UPDATE ${name} SET ${columns.map((column) => `${column} = ${column}`).join(', ')}`,
    `DELETE FROM ${name}`,
  ];
}
