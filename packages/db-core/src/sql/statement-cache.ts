import type { PreparedStatement } from './prepared-statement.ts';

const CAPACITY = 256;

/** Keeps the statements of dynamic SQL (filters, sort orders) prepared; the least recently used one is let go. */
export class StatementCache {
  readonly #prepare: (sql: string, operation: string) => PreparedStatement;
  readonly #statements = new Map<string, PreparedStatement>();

  constructor(prepare: (sql: string, operation: string) => PreparedStatement) {
    this.#prepare = prepare;
  }

  /** Returns the statement of this text, prepared now if it is not held. Read it to the end before using it again. */
  prepare(sql: string, operation: string): PreparedStatement {
    const held = this.#statements.get(sql);
    const statement = held ?? this.#prepare(sql, operation);
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
