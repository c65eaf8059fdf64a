import type { Database } from '../connection/driver.ts';

/**
 * Runs the SQL of one schema version. It may edit the text of a CHECK in `sqlite_schema`, which the driver protects otherwise:
 * SQLite alters none that has no name.
 */
export function runVersion(db: Database, sql: string): void {
  db.unsafeMode?.(true);
  try {
    db.exec(sql);
  } finally {
    db.unsafeMode?.(false);
  }
}
