import type { Database } from '../connection/driver.ts';
import { DOMAINS } from '../domains/index.ts';
import { contextOf } from '../sql/connection-context.ts';

const TABLES = DOMAINS.flatMap(({ tables }) => tables);

/** Deletes every row of every table of ours, in one transaction, and returns the tables' names. */
export function clearTables(db: Database): readonly string[] {
  contextOf(db).transaction('database.clearAll', () => {
    for (const table of TABLES) db.exec(`DELETE FROM ${table}`);
  });
  return TABLES;
}
