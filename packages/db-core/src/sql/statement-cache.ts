import type { Database } from '../connection/driver.ts';
import { PreparedStatement } from './prepared-statement.ts';

const CAPACITY = 64;

/** Keeps the statements of dynamic SQL (filters, sort orders) prepared; the least recently used one is let go. */
export class StatementCache {
  readonly #db: Database;
  readonly #statements = new Map<string, PreparedStatement>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Returns the statement of this text, prepared now if it is not held. Read it to the end before using it again. */
  prepare(sql: string, operation: string): PreparedStatement {
    const held = this.#statements.get(sql);
    const statement = held ?? new PreparedStatement(this.#db, sql, operation);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > CAPACITY) {
      for (const oldest of this.#statements.keys()) {
        this.#statements.delete(oldest);
        break;
      }
    }
    return statement;
  }
}
