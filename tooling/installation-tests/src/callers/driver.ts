// A caller that hands the connection on to code of its own, which asks for better-sqlite3's type.
import { getDatabaseManager } from '@codebuddy/db-integration';
import type { Database } from 'better-sqlite3';

/** Counts what lies in a table. */
export function countRows(db: Database, table: string): unknown {
  return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
}

/** Counts sessions through the connection of the process. */
export function countSessions(): unknown {
  return countRows(getDatabaseManager().getDatabase(), 'sessions');
}
