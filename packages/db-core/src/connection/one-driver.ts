import { UnsupportedRuntimeError } from '../errors/index.ts';
import type { Database } from './driver.ts';
import { identityOf } from './file-identity.ts';

interface OpenConnection {
  readonly file: string;
  readonly driver: unknown;
  readonly db: WeakRef<Database>;
}

/** Every copy of this package that is loaded in the process finds the connections of all copies here. */
const SHARED = Symbol.for('@codebuddy/db-core/connections');

/**
 * Refuses to open a file that is open through another copy of the driver: two copies of SQLite in one process undo each
 * other's locks (https://www.sqlite.org/howtocorrupt.html, section 2.2.1), and damage the file.
 *
 * @throws UnsupportedRuntimeError when it is
 */
export function refuseSecondDriver(path: string, driver: unknown): void {
  const file = identityOf(path);
  if (file === undefined) return;
  if (!openConnections().some((connection) => connection.file === file && connection.driver !== driver)) return;
  throw new UnsupportedRuntimeError(
    `${path} is open through another copy of better-sqlite3 in this process, and two would damage it. ` +
      'Install one version of it: npm dedupe, or pnpm dedupe.',
  );
}

/** Notes a connection, so that other copies of this package know of it. */
export function noteConnection(path: string, driver: unknown, db: Database): void {
  const file = identityOf(path);
  if (file === undefined) return;
  Reflect.set(globalThis, SHARED, [...openConnections(), { file, driver, db: new WeakRef(db) }]);
}

function openConnections(): OpenConnection[] {
  const noted = Reflect.get(globalThis, SHARED);
  return Array.isArray(noted) ? noted.filter(isOpenConnection).filter(({ db }) => db.deref()?.open === true) : [];
}

/** Another release of this package may have noted something else. */
function isOpenConnection(noted: unknown): noted is OpenConnection {
  return (
    typeof noted === 'object' &&
    noted !== null &&
    typeof Reflect.get(noted, 'file') === 'string' &&
    isWeakRef(Reflect.get(noted, 'db'))
  );
}

function isWeakRef(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object WeakRef]';
}
