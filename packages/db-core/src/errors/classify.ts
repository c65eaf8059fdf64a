import { CannotOpenError, ForeignFileError, NotInitializedError } from './connection-errors.ts';
import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts';
import { isError, isErrorNamed } from './is-error.ts';
import { withoutValues } from './sqlite-message.ts';
import {
  BusyError,
  ConstraintError,
  CorruptError,
  DiskFullError,
  QueryFailedError,
  ReadOnlyError,
  StorageIoError,
  TooLargeError,
} from './storage-errors.ts';

type Classify = (message: string, options: DatabaseErrorOptions) => DatabaseError;

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html; an extended code starts with its primary one. */
const byResultCode: Readonly<Record<string, Classify>> = {
  SQLITE_BUSY: (m, o) => new BusyError(`Another process is writing to the database (${m}). Try again.`, o),
  SQLITE_LOCKED: (m, o) => new BusyError(`The database is in use by this same process (${m}). Try again.`, o),
  SQLITE_CONSTRAINT: (m, o) => new ConstraintError(`The database refused the row: ${m}. Correct it and try again.`, o),
  SQLITE_CORRUPT: (m, o) =>
    new CorruptError(
      `The database file is damaged (${m}). Restore it from a backup, or save what can be read with salvageDatabase().`,
      o,
    ),
  SQLITE_NOTADB: (m, o) => new ForeignFileError(`The file is not a SQLite database (${m}). Give another path.`, o),
  SQLITE_READONLY: (m, o) =>
    new ReadOnlyError(
      `The database can't be written (${m}). Open it without \`readOnly\`, or check who may write the file and its folder.`,
      o,
    ),
  SQLITE_FULL: (m, o) => new DiskFullError(`The disk is full (${m}). Free some space and try again.`, o),
  SQLITE_IOERR: (m, o) => new StorageIoError(`The database file can't be read or written (${m}). Check the disk.`, o),
  SQLITE_CANTOPEN: (m, o) =>
    new CannotOpenError(`The database file can't be opened (${m}). Check the path and who may read it.`, o),
  SQLITE_TOOBIG: (m, o) => new TooLargeError(`A value is larger than SQLite can hold (${m}). Store less at once.`, o),
};

/** Codes of the system, errno(3). */
const bySystemCode: Readonly<Record<string, Classify>> = {
  ENOENT: (m, o) => new CannotOpenError(`There is nothing at the path (${m}). Check the path.`, o),
  ENOTDIR: (m, o) => new CannotOpenError(`The path leads through a file (${m}). Check the path.`, o),
  EISDIR: (m, o) => new CannotOpenError(`The path is a folder (${m}). Give the path of a file.`, o),
  ENAMETOOLONG: (m, o) => new CannotOpenError(`The path is too long (${m}). Give a shorter one.`, o),
  EACCES: (m, o) => new CannotOpenError(`The system refuses access (${m}). Check who may read and write there.`, o),
  EPERM: (m, o) => new CannotOpenError(`The system refuses access (${m}). Check who may read and write there.`, o),
  EROFS: (m, o) => new ReadOnlyError(`The file system is read-only (${m}). Give another path.`, o),
  ENOSPC: (m, o) => new DiskFullError(`The disk is full (${m}). Free some space and try again.`, o),
  EDQUOT: (m, o) => new DiskFullError(`The quota is used up (${m}). Free some space and try again.`, o),
};

/** A message of the system quotes the whole path. */
const MAX_SYSTEM_MESSAGE_LENGTH = 300;

const resultCode = /^SQLITE_[A-Z]+/;

/**
 * Turns an error of the driver or the system into the typed error it stands for. Any other value is returned as it is.
 *
 * @param operation - the call that failed, such as `memories.create`
 */
export function toDatabaseError(error: unknown, operation?: string): unknown {
  if (!isError(error) || DatabaseError.isInstance(error)) return error;
  const options = operation === undefined ? { cause: error } : { cause: error, operation };
  if ('code' in error && typeof error.code === 'string') {
    const primary = resultCode.exec(error.code)?.[0];
    if (primary === undefined) return 'syscall' in error ? ofTheSystem(error, error.code, options) : error;
    return ofSqlite(error, primary, options);
  }
  if (isErrorNamed(error, 'TypeError') && error.message.includes('connection is not open')) {
    return new NotInitializedError({ ...options, isClosed: true });
  }
  if (isErrorNamed(error, 'TypeError') && error.message.includes('busy executing a query')) {
    return new QueryFailedError(
      'A statement of this connection is handing out its rows one by one. Finish that, or read all rows at once.',
      options,
    );
  }
  if (isErrorNamed(error, 'TypeError') && error.message.includes('directory does not exist')) {
    return new CannotOpenError('The folder of the file does not exist. Check the path.', options);
  }
  if (isErrorNamed(error, 'RangeError') && error.message.includes('too big')) {
    return new TooLargeError(`A value is larger than SQLite can hold (${error.message}). Store less at once.`, options);
  }
  if (isErrorNamed(error, 'RangeError') && error.message.startsWith('The supplied SQL string')) {
    return new QueryFailedError(`${error.message}. Write one statement.`, options);
  }
  return error;
}

function ofSqlite(error: Error, resultCode: string, options: DatabaseErrorOptions): DatabaseError {
  const message = withoutValues(error.message);
  const told = message === error.message ? options : { ...options, cause: undefined };
  return byResultCode[resultCode]?.(message, told) ?? new QueryFailedError(`SQLite: ${message}.`, told);
}

function ofTheSystem(error: Error, code: string, options: DatabaseErrorOptions): DatabaseError {
  const message = error.message.slice(0, MAX_SYSTEM_MESSAGE_LENGTH);
  const classify = bySystemCode[code];
  return classify?.(message, options) ?? new StorageIoError(`The system refused: ${message}. Check the path.`, options);
}
