import type { DriverStatement } from '../connection/driver.ts';

const COMPLETED = new WeakSet<DriverStatement>();

/**
 * Makes a statement that both writes and returns rows run to its end on every call. The driver's own `get` and `iterate`
 * leave it after a row: SQLite then commits while the statement is reset, where the driver drops the error of a commit
 * that failed, and where no checkpoint follows.
 */
export function completeWrites(statement: DriverStatement): DriverStatement {
  if (!statement.reader || statement.readonly || COMPLETED.has(statement)) return statement;
  statement.get = (...parameters) => statement.all(...parameters)[0];
  statement.iterate = (...parameters) => statement.all(...parameters).values();
  COMPLETED.add(statement);
  return statement;
}
