import { DatabaseError, type DatabaseErrorOptions } from './database-error.ts';

/** An argument makes no sense. Nothing was changed. */
export class InvalidInputError extends DatabaseError {
  static readonly code = 'DB_INVALID_INPUT';
  override readonly name = 'InvalidInputError';
  readonly code = InvalidInputError.code;
  /** The argument or property that was refused. */
  readonly field: string;

  constructor(field: string, expectation: string) {
    super(`Invalid ${field}: ${expectation}.`);
    this.field = field;
  }
}

/** A record that the call needs does not exist. */
export class NotFoundError extends DatabaseError {
  static readonly code = 'DB_NOT_FOUND';
  override readonly name = 'NotFoundError';
  readonly code = NotFoundError.code;

  constructor(what: string) {
    super(`There is no ${what} with this id. Check the id, or create the ${what} first.`);
  }
}

/** A record with this identity exists already and differs. Nothing was changed. */
export class ConflictError extends DatabaseError {
  static readonly code = 'DB_CONFLICT';
  override readonly name = 'ConflictError';
  readonly code = ConflictError.code;
}

/** A path leads out of the folder it must stay in. Nothing was read or written there. */
export class OutsideRootError extends DatabaseError {
  static readonly code = 'DB_OUTSIDE_ROOT';
  override readonly name = 'OutsideRootError';
  readonly code = OutsideRootError.code;
}

/** A read-only query was not a single statement that only reads. It was not run. */
export class QueryRejectedError extends DatabaseError {
  static readonly code = 'DB_QUERY_REJECTED';
  override readonly name = 'QueryRejectedError';
  readonly code = QueryRejectedError.code;
}

/** A read-only query ran longer than its time limit and was stopped. */
export class QueryTimeoutError extends DatabaseError {
  static readonly code = 'DB_QUERY_TIMEOUT';
  override readonly name = 'QueryTimeoutError';
  readonly code = QueryTimeoutError.code;
}

/** A call would cost more than a budget has left. Nothing was reserved. */
export class BudgetExceededError extends DatabaseError {
  static readonly code = 'DB_BUDGET_EXCEEDED';
  override readonly name = 'BudgetExceededError';
  readonly code = BudgetExceededError.code;
}

/** A model could not make an embedding. Nothing was stored. */
export class EmbeddingFailedError extends DatabaseError {
  static readonly code = 'DB_EMBEDDING_FAILED';
  override readonly name = 'EmbeddingFailedError';
  readonly code = EmbeddingFailedError.code;
  override readonly retryable: boolean;

  /** @param options - among them `retryable`: whether the same call may succeed later, the model was busy or out of reach */
  constructor(message: string, options: DatabaseErrorOptions & { readonly retryable?: boolean } = {}) {
    super(message, options);
    this.retryable = options.retryable ?? false;
  }
}

/**
 * A checkpoint was not restored. The files are as they were before; where even that could not be reached, the message says
 * so, and the next call brings it about.
 */
export class RestoreFailedError extends DatabaseError {
  static readonly code = 'DB_RESTORE_FAILED';
  override readonly name = 'RestoreFailedError';
  readonly code = RestoreFailedError.code;
  override readonly retryable: boolean;
  /** The id of the checkpoint that holds the state before. */
  readonly undo: string;

  constructor(message: string, undo: string, cause: unknown) {
    super(message, { cause, operation: 'checkpoints.restore' });
    this.undo = undo;
    this.retryable = DatabaseError.isInstance(cause) && cause.retryable;
  }
}

/** A query was made by another model than the stored vectors: the two can't be compared. */
export class EmbeddingMismatchError extends DatabaseError {
  static readonly code = 'DB_EMBEDDING_MISMATCH';
  override readonly name = 'EmbeddingMismatchError';
  readonly code = EmbeddingMismatchError.code;

  constructor(asked: string, stored: readonly string[]) {
    super(
      `The query was made by ${asked}, the stored vectors by ${stored.join(', ')}. ` +
        'Make the query by that model, or move the database to yours with reembed().',
    );
  }
}
