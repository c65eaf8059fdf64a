import BetterSqlite3 from 'better-sqlite3';
import { toDatabaseError, UnsupportedRuntimeError } from '../errors/index.ts';
import { completeWritesOf } from '../sql/complete-writes.ts';
import { watchOf } from '../sql/connection-watch.ts';
import type { Database } from './driver.ts';
import { noteConnection, refuseSecondDriver } from './one-driver.ts';

const OLDEST_NODE = [22, 18] as const;

/** Below it, a WAL database can be damaged when one connection writes while another checkpoints (SQLite 3.51.3 notes). */
const OLDEST_SQLITE = [3, 51, 3] as const;

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
 * @throws UnsupportedRuntimeError when Node.js or SQLite is too old, or another copy of SQLite has the file open
 */
export function connect(file: string | Uint8Array, options: ConnectOptions = {}): Database {
  // The driver's binary brings an older Node.js down without a word, so this must come before it is loaded.
  requireNode(process.versions.node);
  requireSqlite();
  if (typeof file === 'string') refuseSecondDriver(file, BetterSqlite3);
  try {
    const db: Database = new BetterSqlite3(file, {
      readonly: options.readonly ?? false,
      timeout: options.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
      ...(options.verbose === undefined ? {} : { verbose: options.verbose }),
    });
    // The file that was opened is the one to watch, whatever lies at the path later.
    watchOf(db);
    completeWritesOf(db);
    if (typeof file === 'string') noteConnection(file, BetterSqlite3, db);
    return db;
  } catch (error) {
    throw toDatabaseError(error, 'database.open');
  }
}

/** Refuses a Node.js that the driver can't run on. */
export function requireNode(version: string): void {
  if (isOlder(version, OLDEST_NODE)) {
    throw new UnsupportedRuntimeError(
      `Node.js ${version} is too old for the SQLite driver. Run this with Node.js ${OLDEST_NODE.join('.')} or newer.`,
    );
  }
}

let sqliteIsChecked = false;

/** Asks a database in memory: a damaged file would fail at the question. */
function requireSqlite(): void {
  if (sqliteIsChecked) return;
  const db: Database = new BetterSqlite3(':memory:', {});
  const row = db.prepare('SELECT sqlite_version()').raw().get();
  db.close();
  const version = Array.isArray(row) ? String(row[0]) : '';
  if (isOlder(version, OLDEST_SQLITE)) {
    throw new UnsupportedRuntimeError(
      `SQLite ${version} can damage databases that several processes use. Install better-sqlite3 13 or newer, ` +
        `which brings SQLite ${OLDEST_SQLITE.join('.')} or newer.`,
    );
  }
  sqliteIsChecked = true;
}

function isOlder(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
