import type { Database } from '../connection/driver.ts';
import { storageRefusal, withoutWaiting } from '../connection/without-waiting.ts';
import type { RunTransaction } from './transactions.ts';

/** The uses of one row since they were last written down. */
export interface Usage {
  readonly key: string;
  readonly uses: number;
  /** The time of the last use, in milliseconds since 1970. */
  readonly usedAt: number;
}

/** The place that a counter writes its counts to. */
export interface UsageTable {
  /** The name of the write in errors, such as `cache.flush`. */
  readonly operation: string;
  /** Adds the uses of one row to those that are stored. */
  write(usage: Usage): void;
}

/** Counts are written down when so many rows have some: half a megabyte. */
const MAX_HELD = 4_000;

/** Counts are held in memory for at most this long if they can be written, in milliseconds. */
const MAX_HELD_MS = 60_000;

/** Counts of more rows than this are given up: somebody has been writing for very long. */
const MAX_KEYS = 100_000;

/**
 * Counts in memory how often rows are read, so that reading does not write: the counts are written down together, now and
 * then, and never while another connection writes. A process that is killed loses some counts, no rows.
 */
export class UsageCounter {
  readonly #db: Database;
  readonly #transaction: RunTransaction;
  readonly #table: UsageTable;
  readonly #warn: (message: string) => void;
  readonly #held = new Map<string, { uses: number; usedAt: number }>();
  #since = 0;

  /** @param warn - told when counts are given up */
  constructor(db: Database, transaction: RunTransaction, table: UsageTable, warn: (message: string) => void) {
    this.#db = db;
    this.#transaction = transaction;
    this.#table = table;
    this.#warn = warn;
  }

  /**
   * Counts one use, and returns whether it was: a database that may only be read has no place for it.
   *
   * @param now - in milliseconds since 1970
   */
  count(key: string, now: number): boolean {
    if (this.#db.readonly) return false;
    if (this.#held.size === 0) this.#since = now;
    const entry = this.#held.get(key);
    if (entry === undefined) this.#held.set(key, { uses: 1, usedAt: now });
    else {
      entry.uses++;
      entry.usedAt = now;
    }
    const isDue = this.#held.size >= MAX_HELD || now - this.#since >= MAX_HELD_MS;
    if (isDue && !this.tryWrite() && this.#held.size > MAX_KEYS) this.giveUp();
    return true;
  }

  /** All uses that are not written down yet. */
  get total(): number {
    return Array.from(this.#held.values()).reduce((sum, { uses }) => sum + uses, 0);
  }

  /** The uses of a row that are not written down yet. */
  heldOf(key: string): Usage | undefined {
    const held = this.#held.get(key);
    return held === undefined ? undefined : { key, ...held };
  }

  /** Forgets the uses of a row that is about to be replaced. */
  forget(key: string): void {
    this.#held.delete(key);
  }

  /** Writes all counts down if that needs no waiting, and returns whether none is held any more. */
  tryWrite(): boolean {
    if (this.#held.size === 0) return true;
    // Inside a transaction of a caller, counting would take the write lock, or be undone.
    if (this.#db.inTransaction) return false;
    try {
      withoutWaiting(this.#db, () => this.write());
      return true;
    } catch (cause) {
      storageRefusal(cause);
      return false;
    }
  }

  /** Writes all counts down, waiting for others as every write does. */
  write(): void {
    if (this.#held.size === 0) return;
    this.#transaction(this.#table.operation, () => {
      for (const [key, held] of this.#held) this.#table.write({ key, ...held });
    });
    this.#held.clear();
  }

  /** Forgets the counts, and says so. */
  giveUp(): void {
    if (this.#held.size === 0) return;
    this.#warn(
      `The uses of ${this.#held.size} rows were not counted (${this.#table.operation}): the database could not be written.`,
    );
    this.#held.clear();
  }
}
