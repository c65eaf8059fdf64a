import { CorruptError } from '../errors/index.ts';
import type { Database } from './driver.ts';
import { MAX_LOG_BYTES } from './write-ahead-log.ts';

/** The mode that a connection was found to have. */
export interface ConnectionMode {
  /** `wal`, or what SQLite fell back to: WAL needs shared memory, which some network and container mounts lack. */
  readonly journalMode: string;
}

/**
 * Sets the size of pages. Only a file without tables takes it, and only before it is switched to WAL.
 *
 * 8 KiB rather than SQLite's 4: a row with a chunk of code and its vector is about 2 KB, and bulk writes were measured
 * a third faster.
 */
export function setPageSize(db: Database): void {
  db.pragma('page_size = 8192');
}

/**
 * Asks for write-ahead logging, so that readers and one writer don't wait for each other, and reads back what came of
 * it. It is a property of the file: a file that has it already is not touched.
 */
export function setJournalMode(db: Database, wal: boolean): ConnectionMode {
  const wanted = wal ? 'wal' : 'delete';
  const current = journalModeOf(db);
  if (db.memory || current === wanted) return { journalMode: current };
  return { journalMode: String(db.pragma(`journal_mode = ${wanted}`, { simple: true })) };
}

/** Returns the mode that a connection has, such as `wal`. */
export function journalModeOf(db: Database): string {
  return String(db.pragma('journal_mode', { simple: true }));
}

/** Sets what belongs to the connection, not to the file. */
export function setConnectionPragmas(db: Database): void {
  db.pragma('foreign_keys = ON');
  // Sorts and temporary tables stay out of the file system: they may hold what the user said.
  db.pragma('temp_store = MEMORY');
  // 32 MB, twice the driver's default: the inner pages of the indexes of a large code base stay in memory.
  db.pragma('cache_size = -32000');
  // A file from elsewhere can't make its views or triggers call functions with side effects.
  db.pragma('trusted_schema = OFF');
  // Damage is found where it lies, before it is copied into other pages.
  db.pragma('cell_size_check = ON');
  // After a long reader the log may have grown: it is cut back when it is begun anew.
  db.pragma(`journal_size_limit = ${MAX_LOG_BYTES}`);
}

/** Reads a pragma whose value is one number. */
export function readPragma(db: Database, name: string): number {
  const value = db.pragma(name, { simple: true });
  if (typeof value !== 'number')
    throw new CorruptError(`PRAGMA ${name} did not answer. Check the database's integrity.`);
  return value;
}
