import { types } from 'node:util';
import { completeWrites } from '../connection/complete-writes.ts';
import type { Database } from '../connection/driver.ts';
import { InvalidInputError, toDatabaseError } from '../errors/index.ts';
import { requireFunction } from '../validation.ts';

class OpenTransaction {
  // A private member, so that nothing but a transaction passes for one.
  readonly #operation: string;

  constructor(operation: string) {
    this.#operation = operation;
  }

  /** The operation that errors name. */
  get operation(): string {
    return this.#operation;
  }
}

/**
 * Shows that a write transaction is open. A call that writes several statements and leaves the transaction to its caller
 * takes it as a parameter.
 */
export type Transaction = OpenTransaction;

/**
 * Runs a function in a transaction: all that it writes stays, or, if it throws, nothing.
 *
 * @param operation - what errors name, such as `sessions.addMessage`
 * @param body - must not be async: another call could slip into the transaction while it waits
 */
export type RunTransaction = <Result>(operation: string, body: (transaction: Transaction) => Result) => Result;

const NOT_ASYNC = 'expected a function that is not async';

/**
 * Prepares the transactions of one connection. Each takes the write lock at its start, so that what it reads can't
 * change before it writes; one inside another becomes a savepoint of it.
 */
export function prepareTransactions(db: Database): RunTransaction {
  const outermost = {
    begin: completeWrites(db, db.prepare('BEGIN IMMEDIATE')),
    commit: completeWrites(db, db.prepare('COMMIT')),
    undo: [db.prepare('ROLLBACK')],
  };
  const release = db.prepare('RELEASE codebuddy');
  const nested = {
    begin: db.prepare('SAVEPOINT codebuddy'),
    commit: release,
    undo: [db.prepare('ROLLBACK TO codebuddy'), release],
  };
  return (operation, body) => {
    requireFunction(body, 'body');
    if (types.isAsyncFunction(body)) throw new InvalidInputError('body', NOT_ASYNC);
    const { begin, commit, undo } = db.inTransaction ? nested : outermost;
    try {
      begin.run();
      const result = body(new OpenTransaction(operation));
      if (types.isPromise(result)) {
        // It is refused: how it ends is nobody's to hear, and must not end the process.
        result.catch(() => undefined);
        throw new InvalidInputError('body', NOT_ASYNC);
      }
      commit.run();
      return result;
    } catch (error) {
      // SQLite itself has rolled back after some errors, such as a full disk.
      if (db.inTransaction) for (const statement of undo) statement.run();
      throw toDatabaseError(error, operation);
    }
  };
}

/** Runs reads that must all see the same state. */
export type RunReads = <Result>(operation: string, body: () => Result) => Result;

/** Prepares reads of one connection that see one state of the database; inside a transaction they see its own. */
export function prepareReads(db: Database): RunReads {
  const begin = db.prepare('BEGIN');
  const commit = db.prepare('COMMIT');
  return (operation, body) => {
    if (db.inTransaction) return body();
    try {
      begin.run();
      return body();
    } catch (error) {
      throw toDatabaseError(error, operation);
    } finally {
      if (db.inTransaction) commit.run();
    }
  };
}
