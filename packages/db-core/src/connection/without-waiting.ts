import { hasErrorCode, toDatabaseError } from '../errors/index.ts';
import type { Database } from './driver.ts';

/** Makes a call during which the connection waits for no lock: what another one holds is busy at once. */
export function withoutWaiting<Result>(db: Database, call: () => Result): Result {
  const busyTimeout = Number(db.pragma('busy_timeout', { simple: true }));
  db.pragma('busy_timeout = 0');
  try {
    return call();
  } finally {
    // The call may have closed the connection.
    if (db.open) db.pragma(`busy_timeout = ${busyTimeout}`);
  }
}

/** Returns the typed error if storage refused for now, or as long as the file is as it is; throws any other. */
export function storageRefusal(cause: unknown): unknown {
  const error = toDatabaseError(cause);
  if (hasErrorCode(error, 'DB_BUSY', 'DB_DISK_FULL', 'DB_IO', 'DB_READ_ONLY')) return error;
  throw cause;
}
