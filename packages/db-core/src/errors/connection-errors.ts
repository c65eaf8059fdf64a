import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts';
import { isError } from './is-error.ts';

/** A member that needs the connection was called before `initialize()` or after `close()`. */
export class NotInitializedError extends DatabaseError {
  static readonly code = 'DB_NOT_INITIALIZED';
  override readonly name = 'NotInitializedError';
  readonly code = NotInitializedError.code;

  /** @param options - among them `isClosed`: whether there was a connection before */
  constructor({ isClosed = false, ...options }: DatabaseErrorOptions & { readonly isClosed?: boolean } = {}) {
    super(
      isClosed
        ? 'Database closed. Await initialize() to open it again, and take repositories from the new connection.'
        : 'Database not initialized. Await initialize() (or initializeDatabase()) before using it, ' +
            'or give a repository the connection of your own manager: new MemoryRepository(manager.getDatabase()).',
      options,
    );
  }
}

/** The driver, better-sqlite3, is not installed or does not run here. A program can go on without a database. */
export class DriverUnavailableError extends DatabaseError {
  static readonly code = 'DB_DRIVER_UNAVAILABLE';
  override readonly name = 'DriverUnavailableError';
  readonly code = DriverUnavailableError.code;

  constructor(options?: DatabaseErrorOptions) {
    super(
      'The SQLite driver better-sqlite3 could not be loaded; the cause says why. Install it for this version of Node.js and ' +
        'this system: npm install better-sqlite3, or npm rebuild better-sqlite3.',
      options,
    );
  }
}

/** Node.js or SQLite is older than this package can safely work with, or the program may not start what a call needs. */
export class UnsupportedRuntimeError extends DatabaseError {
  static readonly code = 'DB_UNSUPPORTED_RUNTIME';
  override readonly name = 'UnsupportedRuntimeError';
  readonly code = UnsupportedRuntimeError.code;
}

/** A package is used with another version of `@codebuddy/db-core` than the one it was built with. */
export class VersionMismatchError extends DatabaseError {
  static readonly code = 'DB_VERSION_MISMATCH';
  override readonly name = 'VersionMismatchError';
  readonly code = VersionMismatchError.code;

  constructor(name: string, builtWith: string, installed: string) {
    super(
      `${name} was built with @codebuddy/db-core ${builtWith}, and ${installed} is installed. ` +
        `Install both in versions that fit together: npm install ${name}@latest @codebuddy/db-core@latest.`,
    );
  }
}

/** A file can't be opened: there is nothing at the path, or a folder, or the system refuses. */
export class CannotOpenError extends DatabaseError {
  static readonly code = 'DB_CANNOT_OPEN';
  override readonly name = 'CannotOpenError';
  readonly code = CannotOpenError.code;
}

/** The file that a connection has open is not at its path any more: it was deleted, moved or replaced. */
export class FileReplacedError extends DatabaseError {
  static readonly code = 'DB_FILE_REPLACED';
  override readonly name = 'FileReplacedError';
  readonly code = FileReplacedError.code;

  constructor(path: string, options?: DatabaseErrorOptions) {
    super(
      `${path} was deleted, moved or replaced while it was open. What is written would not be found there: ` +
        'close the database and open it again.',
      options,
    );
  }
}

/** The file is a SQLite database of another program, or no database at all. It was left untouched. */
export class ForeignFileError extends DatabaseError {
  static readonly code = 'DB_FOREIGN_FILE';
  override readonly name = 'ForeignFileError';
  readonly code = ForeignFileError.code;
}

/** The file was written by a newer release of these packages. It was left untouched. */
export class NewerSchemaError extends DatabaseError {
  static readonly code = 'DB_NEWER_SCHEMA';
  override readonly name = 'NewerSchemaError';
  readonly code = NewerSchemaError.code;
  readonly found: number;
  readonly supported: number;

  constructor(what: string, found: number, supported: number) {
    super(
      `${what} has schema version ${found}, this release knows versions up to ${supported}. ` +
        'The file was left untouched: upgrade the @codebuddy/db packages to open it.',
    );
    this.found = found;
    this.supported = supported;
  }
}

/** A migration failed and was rolled back: the file is as it was before. */
export class MigrationFailedError extends DatabaseError {
  static readonly code = 'DB_MIGRATION_FAILED';
  override readonly name = 'MigrationFailedError';
  readonly code = MigrationFailedError.code;
  readonly version: number;

  constructor(what: string, version: number, cause: unknown) {
    const reason = isError(cause) ? cause.message : String(cause);
    super(
      `${what} could not be brought to version ${version} and was left as it was: ${reason}. ` +
        'Fix the cause named here and open the database again.',
      { cause },
    );
    this.version = version;
  }
}
