import { isError } from './is-error.ts';

const marker = Symbol.for('@codebuddy/db-core/DatabaseError');

/** The stable codes of every error these packages throw. Compare these, never messages. */
export type DatabaseErrorCode =
  | 'DB_BUDGET_EXCEEDED'
  | 'DB_BUSY'
  | 'DB_CANNOT_OPEN'
  | 'DB_CONFLICT'
  | 'DB_CONSTRAINT'
  | 'DB_CORRUPT'
  | 'DB_DISK_FULL'
  | 'DB_DRIVER_UNAVAILABLE'
  | 'DB_EMBEDDING_FAILED'
  | 'DB_EMBEDDING_MISMATCH'
  | 'DB_FILE_REPLACED'
  | 'DB_FOREIGN_FILE'
  | 'DB_INVALID_INPUT'
  | 'DB_IO'
  | 'DB_MIGRATION_FAILED'
  | 'DB_NEWER_SCHEMA'
  | 'DB_NOT_FOUND'
  | 'DB_NOT_INITIALIZED'
  | 'DB_OUTSIDE_ROOT'
  | 'DB_QUERY_FAILED'
  | 'DB_QUERY_REJECTED'
  | 'DB_QUERY_TIMEOUT'
  | 'DB_READ_ONLY'
  | 'DB_RESTORE_FAILED'
  | 'DB_TOO_LARGE'
  | 'DB_UNSUPPORTED_RUNTIME'
  | 'DB_VERSION_MISMATCH';

/** The parts of a {@link DatabaseError} besides its message. */
export interface DatabaseErrorOptions {
  /** The driver's or the system's error behind this one. */
  readonly cause?: unknown;
  /** The call that failed, such as `memories.create`. */
  readonly operation?: string;
}

/**
 * The base of every error these packages throw. Its message says what happened and what to do next.
 *
 * Two versions of this package may be loaded in one process, so `instanceof` is not reliable: use
 * {@link DatabaseError.isInstance}, or the same call on a subclass.
 *
 * @example
 * ```ts
 * try {
 *   memories.create(memory);
 * } catch (error) {
 *   if (DatabaseError.isInstance(error) && error.retryable) return retryLater();
 *   throw error;
 * }
 * ```
 */
export abstract class DatabaseError extends Error {
  /** The name of the class, which a build or a bundler may have renamed. */
  abstract override readonly name: string;
  /** The stable code of this kind of error. */
  abstract readonly code: DatabaseErrorCode;
  /** Whether the same call may succeed if made again later. */
  readonly retryable: boolean = false;
  /** The call that failed, if it is known. */
  readonly operation: string | undefined;
  /** Marks the class across versions of this package. */
  readonly [marker] = true;

  constructor(message: string, options: DatabaseErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.operation = options.operation;
  }

  /**
   * Returns whether a value is an error of this class or of one below it, whichever installed version made it and in
   * whichever realm, such as a test runner's.
   */
  static isInstance<Instance extends DatabaseError>(this: ErrorClass<Instance>, value: unknown): value is Instance {
    if (value instanceof this.prototype.constructor) return true;
    return isError(value) && marker in value && (this.code === undefined || hasCode(value, this.code));
  }
}

/** A class of errors; the base has no code. */
interface ErrorClass<Instance> {
  readonly prototype: Instance;
  readonly code?: DatabaseErrorCode;
}

function hasCode(error: Error, code: DatabaseErrorCode): boolean {
  return 'code' in error && error.code === code;
}

/** Returns whether a value is an error with this code, whichever installed version of the package made it. */
export function hasErrorCode(value: unknown, ...codes: readonly DatabaseErrorCode[]): value is DatabaseError {
  return DatabaseError.isInstance(value) && codes.includes(value.code);
}
