import type { Database } from '../connection/driver.ts';
import { toDatabaseError } from '../errors/index.ts';

/**
 * Wraps a function in a transaction that takes the write lock at its start, so that what it reads can't change before
 * it writes. Inside another transaction it becomes a savepoint of it.
 *
 * @param operation - what errors name, such as `sessions.addMessage`
 * @param body - must not be async
 */
export function transactional<Arguments extends unknown[], Result>(
  db: Database,
  operation: string,
  body: (...parameters: Arguments) => Result,
): (...parameters: Arguments) => Result {
  const transaction = db.transaction(body);
  return (...parameters) => {
    try {
      return transaction.immediate(...parameters);
    } catch (error) {
      throw toDatabaseError(error, operation);
    }
  };
}
