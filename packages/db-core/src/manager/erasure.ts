import type { Database } from '../connection/driver.ts';
import { checkpoint, logBytes } from '../connection/write-ahead-log.ts';
import { BusyError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import { quoted } from '../sql/quoted.ts';
import * as read from '../sql/row-readers.ts';
import { databaseBytes } from './statistics.ts';

/**
 * Makes each deletion take what it deletes out of the pages of the file (https://www.sqlite.org/pragma.html#pragma_secure_delete)
 * and out of full text (https://www.sqlite.org/fts5.html#the_secure_delete_configuration_option). The latter is a property of
 * the file: it stays for those who open it without.
 */
export function deleteSecurely(db: Database): void {
  db.pragma('secure_delete = ON');
  for (const table of fullTextTables(db)) {
    const isSet = contextOf(db)
      .prepare(`SELECT 1 FROM ${quoted(`${table}_config`)} WHERE k = 'secure-delete' AND v = 1`, 'database.initialize')
      .get();
    if (isSet === undefined)
      db.exec(`INSERT INTO ${quoted(table)} (${quoted(table)}, rank) VALUES ('secure-delete', 1)`);
  }
}

/** Bytes of all pages before and after a file was written anew. */
export interface SizeChange {
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/** Gives unused space back to the disk. */
export function vacuum(db: Database): SizeChange {
  const sizeBefore = databaseBytes(db);
  db.exec('VACUUM');
  // It wrote the whole database into the log.
  checkpoint(db);
  return { sizeBefore, sizeAfter: databaseBytes(db) };
}

/**
 * Takes what was deleted out of full text, out of the pages and out of the log.
 *
 * @throws BusyError while another connection reads or writes: then the log may still hold it
 */
export function purge(db: Database): SizeChange {
  for (const table of fullTextTables(db)) {
    db.exec(`INSERT INTO ${quoted(table)} (${quoted(table)}) VALUES ('optimize')`);
  }
  // Pages keep copies of rows that were moved, which only a new file is free of.
  const sizes = vacuum(db);
  if (logBytes(db) > 0) {
    throw new BusyError(
      'What was deleted may still be in the log, since another connection uses the database. Close it, and purge again.',
    );
  }
  return sizes;
}

function fullTextTables(db: Database): string[] {
  return contextOf(db)
    .prepare("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'", 'database.purge')
    .all()
    .map((row) => read.text(row, 'name'));
}
