import { DatabaseError } from './database-error.ts';

/** Another connection held the database longer than the busy timeout. Nothing was written: try again. */
export class BusyError extends DatabaseError {
  static readonly code = 'DB_BUSY';
  override readonly name = 'BusyError';
  readonly code = BusyError.code;
  override readonly retryable = true;
}

/** A row broke a rule of the schema. Nothing was written. */
export class ConstraintError extends DatabaseError {
  static readonly code = 'DB_CONSTRAINT';
  override readonly name = 'ConstraintError';
  readonly code = ConstraintError.code;
}

/** The file is damaged. Restore a backup, or copy out what can still be read. */
export class CorruptError extends DatabaseError {
  static readonly code = 'DB_CORRUPT';
  override readonly name = 'CorruptError';
  readonly code = CorruptError.code;
}

/** The file or its folder may only be read. Nothing was written. */
export class ReadOnlyError extends DatabaseError {
  static readonly code = 'DB_READ_ONLY';
  override readonly name = 'ReadOnlyError';
  readonly code = ReadOnlyError.code;
}

/** The disk is full. The transaction was rolled back; what was stored before can still be read. */
export class DiskFullError extends DatabaseError {
  static readonly code = 'DB_DISK_FULL';
  override readonly name = 'DiskFullError';
  readonly code = DiskFullError.code;
  override readonly retryable = true;
}

/** The system refused to read or write the file. */
export class StorageIoError extends DatabaseError {
  static readonly code = 'DB_IO';
  override readonly name = 'StorageIoError';
  readonly code = StorageIoError.code;
}

/** A string, blob or row is larger than SQLite or a documented limit allows. Nothing was written. */
export class TooLargeError extends DatabaseError {
  static readonly code = 'DB_TOO_LARGE';
  override readonly name = 'TooLargeError';
  readonly code = TooLargeError.code;
}

/** SQLite refused a statement for a reason that has no class of its own. */
export class QueryFailedError extends DatabaseError {
  static readonly code = 'DB_QUERY_FAILED';
  override readonly name = 'QueryFailedError';
  readonly code = QueryFailedError.code;
}
