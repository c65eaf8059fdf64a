import { hasErrorCode, toDatabaseError } from '../errors/index.ts';
import { connect } from './connect.ts';
import type { Database } from './driver.ts';

/**
 * A lock on a file, which one connection in one process of this machine can hold. The system releases it when the process
 * ends, however it ends. It is SQLite's own, on an empty file, which stays empty.
 */
export class FileLock implements Disposable {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Locks a file, which is created if it is not there. Returns `undefined` if it is locked already, or was removed in that
   * moment by whoever had it locked.
   *
   * @throws CannotOpenError or StorageIoError when the system refuses
   */
  static tryAcquire(path: string): FileLock | undefined {
    const db = connect(path, { busyTimeoutMs: 0 });
    try {
      // Otherwise SQLite keeps a journal beside the file, and a process that is killed leaves it there.
      db.pragma('journal_mode = MEMORY');
      db.exec('BEGIN EXCLUSIVE');
      return new FileLock(db);
    } catch (error) {
      db.close();
      const typed = toDatabaseError(error, 'lock.acquire');
      if (hasErrorCode(typed, 'DB_BUSY', 'DB_FILE_REPLACED')) return undefined;
      throw typed;
    }
  }

  /** Releases the lock. */
  [Symbol.dispose](): void {
    this.#db.close();
  }
}
