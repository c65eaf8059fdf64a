import { type Clock, MonotonicClock } from '../clock.ts';
import type { Database } from '../connection/driver.ts';
import { storageRefusal, withoutWaiting } from '../connection/without-waiting.ts';
import type { Redact } from '../redact.ts';
import { withPowerDurability } from './durability.ts';
import { PreparedStatement } from './prepared-statement.ts';
import { StatementCache } from './statement-cache.ts';
import { prepareReads, prepareTransactions, type RunReads, type RunTransaction } from './transactions.ts';
import { UsageCounter, type UsageTable } from './usage-counter.ts';
import { writeSoon } from './write-soon.ts';

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
  /** Tells somebody that something works less well than it should. The manager of the connection makes it an event. */
  warn: (message: string) => void = (message) => process.emitWarning(message, 'DatabaseWarning');
  #clock = new MonotonicClock();
  readonly #statements = new Map<string, PreparedStatement>();
  readonly #shared = new Map<object, unknown>();
  readonly #counters: UsageCounter[] = [];

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

  /**
   * Returns the connection's one counter of how often the rows of a table are read.
   *
   * @param key - the object that stands for the counter
   */
  usageCounter(key: object, table: UsageTable): UsageCounter {
    return this.share(key, UsageCounter, () => {
      const counter = new UsageCounter(this.db, this.transaction, table, (message) => this.warn(message));
      this.#counters.push(counter);
      return counter;
    });
  }

  /** Writes down what counters hold, before the connection is closed. What needs waiting is given up, with a warning. */
  writeUsage(): void {
    for (const counter of this.#counters) if (!counter.tryWrite()) counter.giveUp();
  }

  /**
   * Runs a write transaction for which nobody should wait, such as storing what a caller has computed: at once, if no other
   * connection writes. Otherwise it is tried again while the process does other work, and given up, with a warning, after the
   * busy timeout.
   *
   * @param loss - what becomes of what was to be written, as a sentence
   */
  writeSoon(operation: string, write: () => void, loss: string): Promise<void> {
    return writeSoon({
      db: this.db,
      operation,
      write: () => this.transaction(operation, write),
      giveUp: (reason) => this.warn(`${loss} ${reason}`),
    });
  }

  /**
   * Runs a write transaction, or returns `undefined` without waiting if another connection writes, or if storage takes nothing
   * at the moment.
   */
  writeNow<Result>(operation: string, write: () => Result): Result | undefined {
    try {
      return withoutWaiting(this.db, () => this.transaction(operation, write));
    } catch (error) {
      storageRefusal(error);
      return undefined;
    }
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
