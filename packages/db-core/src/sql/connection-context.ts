import { type Clock, MonotonicClock } from '../clock.ts';
import type { Database } from '../connection/driver.ts';
import type { Redact } from '../redaction/redact.ts';
import { withPowerDurability } from './durability.ts';
import { PreparedStatement } from './prepared-statement.ts';
import { StatementCache } from './statement-cache.ts';
import { prepareReads, prepareTransactions, type RunReads, type RunTransaction } from './transactions.ts';

/** Everything that the repositories of one connection share. {@link contextOf} returns it. */
export class ConnectionContext {
  readonly db: Database;
  /** Runs a function in a write transaction. */
  readonly transaction: RunTransaction;
  /** The same, and what is written survives a power cut, unless it is part of a transaction that does not. */
  readonly durableTransaction: RunTransaction;
  /** Runs reads that all see one state of the database. */
  readonly read: RunReads;
  /** The statements of dynamic SQL: filters and sort orders. */
  readonly dynamicStatements: StatementCache;
  /** The function that removes secrets from texts before they are stored. */
  redact: Redact | undefined;
  #clock = new MonotonicClock();
  readonly #statements = new Map<string, PreparedStatement>();
  readonly #shared = new Map<object, unknown>();

  constructor(db: Database) {
    this.db = db;
    this.transaction = prepareTransactions(db);
    this.durableTransaction = (operation, body) =>
      db.inTransaction
        ? this.transaction(operation, body)
        : withPowerDurability(db, () => this.transaction(operation, body));
    this.read = prepareReads(db);
    this.dynamicStatements = new StatementCache((sql, operation) => this.#prepare(sql, operation));
  }

  /** The clock of repositories that were given none. */
  get clock(): MonotonicClock {
    return this.#clock;
  }

  /** Sets the clock of the repositories that are made from now on. */
  setClock(clock: Clock): void {
    this.#clock = new MonotonicClock(clock);
  }

  /**
   * Prepares a statement of fixed SQL. Each text is prepared once for the connection, however many repositories use it.
   *
   * @param sql - one statement with named parameters (`@name`)
   * @param operation - what errors name, such as `memories.create`
   */
  prepare(sql: string, operation: string): PreparedStatement {
    const prepared = this.#statements.get(sql);
    if (prepared !== undefined) return prepared.renamed(operation);
    const statement = this.#prepare(sql, operation);
    this.#statements.set(sql, statement);
    return statement;
  }

  /**
   * Returns what the connection has one of, such as the vector index of a table. It is made on the first call.
   *
   * @param key - the object that stands for it
   */
  share<Value>(key: object, type: abstract new (...parameters: never[]) => Value, create: () => Value): Value {
    const held = this.#shared.get(key);
    if (held instanceof type) return held;
    const value = create();
    this.#shared.set(key, value);
    return value;
  }

  #prepare(sql: string, operation: string): PreparedStatement {
    return new PreparedStatement(this.db, sql, operation);
  }
}

const contexts = new WeakMap<Database, ConnectionContext>();

/** Returns the one context of a connection. */
export function contextOf(db: Database): ConnectionContext {
  const held = contexts.get(db);
  if (held !== undefined) return held;
  const context = new ConnectionContext(db);
  contexts.set(db, context);
  return context;
}
