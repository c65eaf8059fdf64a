import { statSync } from 'node:fs';
import { hasErrorCode, toDatabaseError } from '../errors/index.ts';
import type { Database } from './driver.ts';
import { withoutWaiting } from './without-waiting.ts';

/** The largest log that a write leaves on disk while no other connection reads, in bytes. */
export const MAX_LOG_BYTES = 16_000_000;

/** No disk takes a log of {@link MAX_LOG_BYTES} in less: writes that were faster need not look at its size. */
const MIN_MS_OF_A_LARGE_WRITE = 2;

/** Bytes of the write-ahead log, 0 if there is none. */
export function logBytes(db: Database): number {
  return db.memory ? 0 : (statSync(`${db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0);
}

/**
 * Cuts a log back that one large transaction made long. SQLite writes the log into the database by itself, but keeps
 * the file of it as long as it was until the next write. If another connection still reads, the log stays.
 *
 * @param startedAt - when the write began, by `performance.now()`
 */
export function shortenLog(db: Database, startedAt: number): void {
  if (performance.now() - startedAt < MIN_MS_OF_A_LARGE_WRITE || db.readonly || logBytes(db) <= MAX_LOG_BYTES) return;
  try {
    checkpoint(db);
  } catch (cause) {
    // The write itself is stored. A full disk keeps the log from being cut back now; the next large write tries again.
    if (!hasErrorCode(toDatabaseError(cause), 'DB_BUSY', 'DB_DISK_FULL', 'DB_IO')) throw cause;
  }
}

/**
 * Writes the whole log into the database and empties it, unless others are in the way. While it waited for a reader, it would
 * keep the write lock, and nobody else could write.
 */
export function checkpoint(db: Database): void {
  withoutWaiting(db, () => db.pragma('wal_checkpoint(TRUNCATE)'));
}
