import type { Database } from '../connection/driver.ts';
import { checkpoint } from '../connection/write-ahead-log.ts';
import { hasErrorCode, toDatabaseError } from '../errors/index.ts';

/** Leaves the file as small and as well known to the planner as can be without waiting for others. */
export function tidyUp(db: Database): void {
  if (db.readonly) return;
  db.pragma('busy_timeout = 0');
  try {
    // Refreshes the planner's statistics if they are stale, https://www.sqlite.org/pragma.html#pragma_optimize.
    db.pragma('optimize');
  } catch (cause) {
    // Another process writes: whoever closes next does it.
    if (!hasErrorCode(toDatabaseError(cause), 'DB_BUSY')) throw cause;
  }
  // If another process reads, the log stays: that is reported as a row, not as an error.
  checkpoint(db);
}
