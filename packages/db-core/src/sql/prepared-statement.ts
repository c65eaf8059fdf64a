import { types } from 'node:util';
import { completeWrites } from '../connection/complete-writes.ts';
import { watchOf } from '../connection/connection-watch.ts';
import type { Database, DriverStatement, RunResult, SqlValue } from '../connection/driver.ts';
import { CorruptError, InvalidInputError, toDatabaseError } from '../errors/index.ts';

/** The named parameters of a statement. */
export type SqlParameters = Readonly<Record<string, SqlValue>>;

/** A row as it comes from the driver; the readers of `row-readers.ts` parse its columns. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * A statement prepared once for one connection. It refuses parameters that SQLite would silently store as NULL
 * (`undefined`, `NaN`), and turns the driver's errors into typed ones that name the operation.
 */
export class PreparedStatement {
  readonly #db: Database;
  readonly #sql: string;
  readonly #operation: string;
  readonly #statement: DriverStatement;

  /**
   * @param sql - one statement with named parameters (`@name`)
   * @param operation - what errors name, such as `memories.create`
   * @param statement - of the same SQL, if it is prepared already
   */
  constructor(db: Database, sql: string, operation: string, statement?: DriverStatement) {
    this.#db = db;
    this.#sql = sql;
    this.#operation = operation;
    this.#statement = statement ?? this.#prepare();
  }

  /** Returns the same statement for another operation. */
  renamed(operation: string): PreparedStatement {
    return operation === this.#operation
      ? this
      : new PreparedStatement(this.#db, this.#sql, operation, this.#statement);
  }

  /** Runs a statement that returns no rows. */
  run(parameters: SqlParameters = {}): RunResult {
    this.#check(parameters);
    return this.#guard(() => this.#statement.run(parameters));
  }

  /** Returns the first row. */
  get(parameters: SqlParameters = {}): Row | undefined {
    this.#check(parameters);
    const row = this.#guard(() => this.#statement.get(parameters));
    if (row === undefined) return undefined;
    return isRow(row) ? row : this.#refuse();
  }

  /** Returns the one row that the statement always has, such as that of an aggregate. */
  one(parameters: SqlParameters = {}): Row {
    const row = this.get(parameters);
    if (row === undefined)
      throw new CorruptError(`${this.#operation} returned no row. Check the database's integrity.`);
    return row;
  }

  /** Returns every row. */
  all(parameters: SqlParameters = {}): Row[] {
    this.#check(parameters);
    const rows = this.#guard(() => this.#statement.all(parameters));
    return rows.every(isRow) ? rows : this.#refuse();
  }

  /** Iterates over the rows. The connection is busy until the iteration ends: never await inside it. */
  *iterate(parameters: SqlParameters = {}): Generator<Row, void, undefined> {
    // Rows of a write are given out once it is committed.
    if (!this.#statement.readonly) return yield* this.all(parameters);
    this.#check(parameters);
    try {
      // A statement that is being iterated can't be run, and others may share this one.
      for (const row of this.#prepare().iterate(parameters)) yield isRow(row) ? row : this.#refuse();
    } catch (error) {
      throw toDatabaseError(error, this.#operation);
    }
  }

  #prepare(): DriverStatement {
    try {
      return completeWrites(this.#db, this.#db.prepare(this.#sql));
    } catch (error) {
      throw toDatabaseError(error, this.#operation);
    }
  }

  #guard<Result>(call: () => Result): Result {
    try {
      if (!this.#db.inTransaction) watchOf(this.#db).check(performance.now(), false);
      return call();
    } catch (error) {
      throw toDatabaseError(error, this.#operation);
    }
  }

  #check(parameters: SqlParameters): void {
    for (const name in parameters) {
      const value = parameters[name];
      if (!isBindable(value)) {
        throw new InvalidInputError(name, 'expected a string, a number, bytes or null, as the column has it');
      }
    }
  }

  #refuse(): never {
    throw new CorruptError(`${this.#operation} returned something that is not a row. Check the driver's version.`);
  }
}

/** SQLite would store `undefined` and `NaN` as NULL; the driver throws at everything else that is not here. */
export function isBindable(value: unknown): value is SqlValue {
  if (typeof value === 'number') return !Number.isNaN(value);
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return typeof value === 'string' || value === null || types.isUint8Array(value);
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}
