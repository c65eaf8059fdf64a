import type { Database } from '../connection/driver.ts';
import * as read from '../sql/row-readers.ts';
import type { Precision } from './block-format.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import type { IndexReader, SpaceName } from './index-reader.ts';
import { type Evictable, memoryBudget } from './memory-budget.ts';
import type { VectorStatements } from './statements.ts';

/** Up to this many vectors, a search is exact unless it is asked not to be: it takes half a millisecond then. */
const EXACT_UP_TO = 20_000;

/** The same by how much of each code is held: what it leaves open is read from the database. */
export const EXACT_WITH: Readonly<Record<Precision, number>> = { bits1: 0, bits4: 2_000, bits8: EXACT_UP_TO };

/** The state of a source's log of changes. */
export interface Head {
  readonly newest: number;
  readonly compactedThrough: number;
  readonly trimmed: number;
}

/** Reads the state of a source's log of changes. */
export function readHead(statements: VectorStatements): Head {
  const row = statements.head.one();
  return {
    newest: read.number(row, 'newest'),
    compactedThrough: read.number(row, 'folded'),
    trimmed: read.number(row, 'trimmed'),
  };
}

interface CachedIndex extends Evictable {
  readonly rows: InMemoryIndex;
  /** Everything up to this position of the log is in memory, whether or not the transaction that reads it commits. */
  committedThrough: number;
  epoch: number | undefined;
  /** The keys that a transaction has changed which may still be rolled back. */
  uncommittedKeys: readonly number[];
}

/** Keeps the codes of a source's spaces in memory, as far as they fit, and up to date. */
export class IndexCache {
  readonly #db: Database;
  readonly #reader: IndexReader;
  readonly #statements: VectorStatements;
  readonly #cached = new Map<string, CachedIndex>();

  constructor(db: Database, reader: IndexReader, statements: VectorStatements) {
    this.#db = db;
    this.#reader = reader;
    this.#statements = statements;
  }

  /** Returns whether the codes of a space are in memory. */
  has(name: SpaceName): boolean {
    return this.#cached.has(idOf(name));
  }

  /**
   * Returns the codes of a space as they are now, brought into memory if need be; `undefined` if they don't fit.
   *
   * @param isProvisional - whether what is read now may still be rolled back
   */
  obtain(name: SpaceName, head: Head, minimum: Precision, isProvisional: boolean): InMemoryIndex | undefined {
    const present = this.#cached.get(idOf(name));
    // A process that searches twice will likely search again, so load the 4-bit codes.
    const wanted = minimum === 'bits1' && present !== undefined ? 'bits4' : minimum;
    const isUsable =
      present !== undefined && this.#isOfThisHistory(present, head) && isAtLeast(present.rows.precision, wanted);
    const cached = isUsable ? present : this.#load(name, head, wanted, present);
    if (cached !== undefined) this.#catchUp(cached, name, head, isProvisional);
    return cached?.rows;
  }

  /** Notes that the codes of a space were used, and lets go of what is too much by now. */
  settle(name: SpaceName): void {
    const cached = this.#cached.get(idOf(name));
    if (cached !== undefined) memoryBudget.touch(cached);
  }

  /** Lets go of everything. */
  clear(): void {
    for (const cached of this.#cached.values()) cached.drop();
  }

  #load(name: SpaceName, head: Head, wanted: Precision, previous: CachedIndex | undefined): CachedIndex | undefined {
    previous?.drop();
    previous?.rows.arena.clear();
    const stored = this.#reader.find(name);
    const outside = this.#reader.keysOutsideBlocks(name);
    const count = stored?.rows ?? outside.length;
    const precision = count <= EXACT_UP_TO ? 'bits8' : wanted;
    const rows = this.#reader.makeRows(name, stored, precision, previous?.rows.arena);
    if (!memoryBudget.admits(rows.expectedSize(count))) return undefined;
    rows.ensure(count);
    if (stored !== undefined) this.#reader.load(rows, stored.id, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    this.#reader.refresh(rows, name, outside);
    const db = this.#db;
    const cached: CachedIndex = {
      rows,
      committedThrough: head.compactedThrough,
      epoch: this.#epochAt(head.compactedThrough),
      uncommittedKeys: [],
      get size() {
        return rows.size;
      },
      get isOrphan() {
        return !db.open;
      },
      drop: () => {
        this.#cached.delete(idOf(name));
        memoryBudget.remove(cached);
      },
    };
    this.#cached.set(idOf(name), cached);
    memoryBudget.touch(cached);
    return cached;
  }

  /** Another history may have used the same positions: that of a backup that was restored under this connection. */
  #isOfThisHistory(cached: CachedIndex, head: Head): boolean {
    if (cached.committedThrough <= head.trimmed) return cached.committedThrough === 0 && head.trimmed === 0;
    return cached.committedThrough <= head.newest && cached.epoch === this.#epochAt(cached.committedThrough);
  }

  #epochAt(position: number): number | undefined {
    const row = this.#statements.epoch.get({ position });
    return row === undefined ? undefined : read.number(row, 'tag');
  }

  #catchUp(cached: CachedIndex, name: SpaceName, { newest }: Head, isProvisional: boolean): void {
    if (cached.committedThrough === newest && cached.uncommittedKeys.length === 0) return;
    const changed = this.#reader.changedKeys(cached.committedThrough);
    this.#reader.refresh(cached.rows, name, [...new Set([...changed, ...cached.uncommittedKeys])]);
    if (isProvisional) {
      cached.uncommittedKeys = changed;
    } else {
      cached.uncommittedKeys = [];
      cached.committedThrough = newest;
      cached.epoch = this.#epochAt(newest);
    }
  }
}

function idOf({ model, dimensions }: SpaceName): string {
  return `${dimensions} ${model}`;
}

function isAtLeast(precision: Precision, minimum: Precision): boolean {
  return EXACT_WITH[precision] >= EXACT_WITH[minimum];
}
