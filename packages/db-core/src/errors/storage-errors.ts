import { DatabaseError } from './database-error.ts';

/** Another connection held the database longer than the busy timeout. Nothing was written: try again. */
export class BusyError extends DatabaseError {
  readonly code = 'DB_BUSY';
  override readonly retryable = true;
}

/** A row broke a rule of the schema. Nothing was written. */
export class ConstraintError extends DatabaseError {
  readonly code = 'DB_CONSTRAINT';
}

/** The file is damaged. Restore a backup, or copy out what can still be read. */
export class CorruptError extends DatabaseError {
  readonly code = 'DB_CORRUPT';
}

/** The file or its folder may only be read. Nothing was written. */
export class ReadOnlyError extends DatabaseError {
  readonly code = 'DB_READ_ONLY';
}

/** The disk is full. The transaction was rolled back; what was stored before can still be read. */
export class DiskFullError extends DatabaseError {
  readonly code = 'DB_DISK_FULL';
  override readonly retryable = true;
}

/** The system refused to read or write the file. */
export class StorageIoError extends DatabaseError {
  readonly code = 'DB_IO';
}

/** A text, blob or row is larger than SQLite or a documented limit allows. Nothing was written. */
export class TooLargeError extends DatabaseError {
  readonly code = 'DB_TOO_LARGE';
}

/** SQLite refused a statement for a reason that has no class of its own. */
export class QueryFailedError extends DatabaseError {
  readonly code = 'DB_QUERY_FAILED';
}
