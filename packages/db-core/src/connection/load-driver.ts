import { createRequire } from 'node:module';
import { DriverUnavailableError, UnsupportedRuntimeError } from '../errors/index.ts';
import { hasSystemCode } from '../errors/system-error.ts';
import { callerPlace } from '../isolation/caller-place.ts';
import { resolveInstalled } from '../isolation/resolve.ts';
import type { Database } from './driver.ts';

const OLDEST_NODE = [22, 18] as const;

/** Below it, a WAL database can be damaged when one connection writes while another checkpoints (SQLite 3.51.3 notes). */
const OLDEST_SQLITE = [3, 51, 3] as const;

/** The class of better-sqlite3's connections. */
export type Driver = typeof import('better-sqlite3').default;

let loaded: Driver | undefined;

/**
 * Loads the driver. It is no part of what an import of this package loads: a program can go on where there is no driver for
 * its system.
 *
 * @throws DriverUnavailableError when it is not installed, or its binary does not run here
 * @throws UnsupportedRuntimeError when Node.js or SQLite is too old
 */
export async function loadDriver(): Promise<Driver> {
  if (loaded !== undefined) return loaded;
  // The driver's binary crashes an older Node.js silently, so this must come first.
  requireNode(process.versions.node);
  let driver: Driver;
  try {
    driver = (await import('better-sqlite3')).default;
  } catch (cause) {
    // A single executable imports only what is built into Node.js, and requires the rest.
    if (hasSystemCode(cause, 'ERR_UNKNOWN_BUILTIN_MODULE')) return requireDriver();
    throw new DriverUnavailableError({ cause });
  }
  return check(driver);
}

/** Returns the driver, for calls that can't wait for {@link loadDriver}; throws as it does. */
export function requireDriver(): Driver {
  if (loaded !== undefined) return loaded;
  requireNode(process.versions.node);
  let driver: unknown;
  try {
    const file = resolveInstalled('better-sqlite3', callerPlace());
    driver = file === undefined ? undefined : createRequire(file)(file);
  } catch (cause) {
    throw new DriverUnavailableError({ cause });
  }
  if (!isDriver(driver)) throw new DriverUnavailableError();
  return check(driver);
}

/** Refuses a Node.js that the driver can't run on. */
export function requireNode(version: string): void {
  if (isOlder(version, OLDEST_NODE)) {
    throw new UnsupportedRuntimeError(
      `Node.js ${version} is too old for the SQLite driver. Run this with Node.js ${OLDEST_NODE.join('.')} or newer.`,
    );
  }
}

/** Asks a database in memory for its version: a damaged file would fail at the question. */
function check(driver: Driver): Driver {
  const version = sqliteVersionOf(driver);
  if (isOlder(version, OLDEST_SQLITE)) {
    throw new UnsupportedRuntimeError(
      `SQLite ${version} can damage databases that several processes use. Install better-sqlite3 13 or newer, ` +
        `which brings SQLite ${OLDEST_SQLITE.join('.')} or newer.`,
    );
  }
  loaded = driver;
  return driver;
}

function sqliteVersionOf(Driver: Driver): string {
  try {
    // The driver loads its binary with its first connection.
    const db: Database = new Driver(':memory:', {});
    const row = db.prepare('SELECT sqlite_version()').raw().get();
    db.close();
    return Array.isArray(row) ? String(row[0]) : '';
  } catch (cause) {
    throw new DriverUnavailableError({ cause });
  }
}

function isDriver(value: unknown): value is Driver {
  return typeof value === 'function';
}

function isOlder(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
