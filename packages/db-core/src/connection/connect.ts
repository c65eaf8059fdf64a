import { toDatabaseError } from '../errors/index.ts';
import { completeWritesOf } from './complete-writes.ts';
import type { Connection } from './connection.ts';
import { watchOf } from './connection-watch.ts';
import { requireDriver } from './load-driver.ts';
import { noteConnection, refuseSecondDriver } from './one-driver.ts';

/** A statement waits this long for another process's lock, in milliseconds. */
export const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

/** The options of a connection. */
export interface ConnectOptions {
  readonly readonly?: boolean;
  /** In milliseconds. */
  readonly busyTimeoutMs?: number;
  /** Given each statement with its values, before anything is redacted. */
  readonly verbose?: (statement: string) => void;
}

/**
 * Opens a connection, and nothing else: no pragma is set and no file is changed.
 *
 * @param file - a path, `:memory:`, or the bytes of a serialized database
 * @throws DriverUnavailableError when the driver can't be loaded
 * @throws UnsupportedRuntimeError when Node.js or SQLite is too old, or another copy of SQLite has the file open
 */
export function connect(file: string | Uint8Array, options: ConnectOptions = {}): Connection {
  const Driver = requireDriver();
  if (typeof file === 'string') refuseSecondDriver(file, Driver);
  try {
    const db = new Driver(file, {
      readonly: options.readonly ?? false,
      timeout: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
      ...(options.verbose === undefined ? {} : { verbose: options.verbose }),
    });
    // The file that was opened is the one to watch, whatever lies at the path later.
    watchOf(db);
    completeWritesOf(db);
    if (typeof file === 'string') noteConnection(file, Driver, db);
    return db;
  } catch (error) {
    throw toDatabaseError(error, 'database.open');
  }
}
