import { assertVector } from '../codecs/vectors.ts';
import type { Database } from '../connection/driver.ts';
import { readPragma } from '../connection/pragmas.ts';
import { chooseEmbeddingModel } from '../embedding-models/embedding-model.ts';
import { BusyError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import type { RunReads, RunTransaction } from '../sql/transactions.ts';
import type { VectorSource } from '../table-kit/vector-source.ts';
import { requireInteger } from '../validation.ts';
import type { Condition } from './attributes.ts';
import type { Precision } from './block-format.ts';
import { exactSearch } from './exact-search.ts';
import { fastSearch } from './fast-search.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { IndexCompactor } from './index-compactor.ts';
import { IndexReader, type SpaceName, type StoredSpace } from './index-reader.ts';
import { type Evictable, memoryBudget } from './memory-budget.ts';
import { type Neighbour, nearest } from './rescore.ts';
import { prepareVectorStatements, type VectorStatements } from './statements.ts';

/** Changes that searches look up one by one: with more, they are compacted into the blocks. */
const COMPACT_AT = 2_048;

/** Up to this many vectors, a search is exact unless it is asked not to be: it takes half a millisecond then. */
const EXACT_UP_TO = 20_000;

/** The same by how much of each code is held: what it leaves open is read from the database. */
const EXACT_WITH: Readonly<Record<Precision, number>> = { bits1: 0, bits4: 2_000, bits8: EXACT_UP_TO };

/** Blocks that are looked at together if there is no memory for all of them. */
const BLOCKS_AT_ONCE = 16;

/** What a search promises: the same as a scan of all vectors (`exact`), or at least 0.99 of it on average (`fast`). */
export type SearchMode = 'exact' | 'fast';

/** A query for similar vectors. */
export interface VectorQuery {
  readonly vector: Float32Array;
  /** The model that made the vector: only its vectors are compared. To be named if there are several. */
  readonly model?: string | undefined;
  readonly topK: number;
  /** The conditions that rows must pass. */
  readonly conditions?: readonly Condition[] | undefined;
  /** The only rows to look at. */
  readonly keys?: readonly number[] | undefined;
  /** Default: `exact` up to 20,000 vectors, `fast` beyond. */
  readonly mode?: SearchMode | undefined;
}

interface CachedIndex extends Evictable {
  readonly rows: InMemoryIndex;
  /** Everything up to this position of the log is in memory, whether or not the transaction that reads it commits. */
  committedThrough: number;
  epoch: number | undefined;
  /** The keys that a transaction has changed which may still be rolled back. */
  uncommittedKeys: readonly number[];
}

interface Head {
  readonly newest: number;
  readonly compactedThrough: number;
  readonly trimmed: number;
}

/**
 * Finds the vectors of one table that are most similar to a query. The truth is in the table; what is derived from it, in
 * the database and in memory, is brought up to date before each search, from the log of changes that triggers keep.
 */
export class VectorIndex {
  readonly #db: Database;
  readonly #statements: VectorStatements;
  readonly #reader: IndexReader;
  readonly #compactor: IndexCompactor;
  readonly #reads: RunReads;
  readonly #transaction: RunTransaction;
  readonly #cached = new Map<string, CachedIndex>();

  constructor(db: Database, source: VectorSource) {
    this.#db = db;
    this.#statements = prepareVectorStatements(db, source);
    this.#reader = new IndexReader(source, this.#statements);
    this.#compactor = new IndexCompactor(source, this.#statements);
    this.#reads = contextOf(db).read;
    this.#transaction = contextOf(db).transaction;
  }

  /** Returns the models that made the vectors. */
  models(): string[] {
    return this.#statements.models.all().map((row) => read.text(row, 'model'));
  }

  /**
   * Returns the most similar first, ties by ascending key.
   *
   * @throws InvalidInputError when the vector is not finite, or there are vectors of several models and none was named
   */
  search(query: VectorQuery): Neighbour[] {
    assertVector(query.vector, 'embedding');
    if (requireInteger(query.topK, 'topK', { min: 0 }) === 0) return [];
    const isProvisional = this.#db.inTransaction;
    const model = this.#chooseModel(query);
    if (model === undefined) return [];
    const name = { model, dimensions: query.vector.length };
    if (!isProvisional) this.#compactWithoutWaiting(name);
    return this.#reads('vectors.search', () => {
      const head = this.#head();
      // Of many vectors, the first search reads only one-bit codes: it may be the only one of its process.
      for (const precision of ['bits1', 'bits4', 'bits8'] as const) {
        if (query.mode === 'exact' && precision !== 'bits8') continue;
        const cached = this.#obtain(name, head, precision);
        if (cached === undefined) return this.#searchInParts(name, head, query);
        this.#catchUp(cached, name, head, isProvisional);
        const found = this.#searchRows(cached.rows, query);
        if (found !== undefined) return found;
      }
      return [];
    });
  }

  /** Compacts the log of changes into the blocks once enough changes have accumulated. To be called after writing. */
  compactIfNeeded(): void {
    const { newest, compactedThrough } = this.#head();
    if (newest - compactedThrough >= COMPACT_AT)
      this.#transaction('vectors.compact', (transaction) => this.#compactor.compact(transaction));
  }

  /** Makes everything that is derived from the vectors anew. */
  rebuild(): void {
    this.#transaction('vectors.rebuild', (transaction) => this.#compactor.rebuild(transaction));
    for (const cached of this.#cached.values()) cached.drop();
  }

  #chooseModel({ model, vector }: VectorQuery): string | undefined {
    if (model !== undefined) return model;
    const bytes = vector.byteLength;
    return chooseEmbeddingModel(
      undefined,
      this.models().filter((stored) => this.#statements.hasVectors.get({ model: stored, bytes }) !== undefined),
    );
  }

  #head(): Head {
    const row = this.#statements.head.one();
    return {
      newest: read.number(row, 'newest'),
      compactedThrough: read.number(row, 'folded'),
      trimmed: read.number(row, 'trimmed'),
    };
  }

  /** A reader must not wait for a writer: while another process writes, compaction is left to a later search. */
  #compactWithoutWaiting(name: SpaceName): void {
    const { newest, compactedThrough } = this.#head();
    if (this.#db.readonly || (newest - compactedThrough < COMPACT_AT && this.#reader.isReadable(name))) return;
    const timeout = readPragma(this.#db, 'busy_timeout');
    this.#db.pragma('busy_timeout = 0');
    try {
      this.#transaction('vectors.compact', (transaction) => this.#compactor.compact(transaction));
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
    } finally {
      this.#db.pragma(`busy_timeout = ${timeout}`);
    }
  }

  /** Returns the rows in memory, brought there if need be; `undefined` if they don't fit. */
  #obtain(name: SpaceName, head: Head, minimum: Precision): CachedIndex | undefined {
    const id = `${name.dimensions} ${name.model}`;
    const present = this.#cached.get(id);
    // A process that searches twice will likely search again, so load the 4-bit codes.
    const wanted = minimum === 'bits1' && present !== undefined ? 'bits4' : minimum;
    if (present !== undefined && this.#isOfThisHistory(present, head) && isAtLeast(present.rows.precision, wanted)) {
      memoryBudget.touch(present);
      return present;
    }
    present?.drop();
    present?.rows.arena.clear();
    const stored = this.#reader.find(name);
    const outside = this.#reader.keysOutsideBlocks(name);
    const count = stored?.rows ?? outside.length;
    const precision = count <= EXACT_UP_TO ? 'bits8' : wanted;
    const rows = this.#reader.makeRows(name, stored, precision, present?.rows.arena);
    if (!memoryBudget.admits(rows.expectedSize(count))) return undefined;
    rows.ensure(count);
    if (stored !== undefined) this.#load(rows, stored);
    this.#reader.refresh(rows, name, outside);
    const cached: CachedIndex = {
      rows,
      committedThrough: head.compactedThrough,
      epoch: this.#epochAt(head.compactedThrough),
      uncommittedKeys: [],
      get size() {
        return rows.size;
      },
      drop: () => {
        this.#cached.delete(id);
        memoryBudget.remove(cached);
      },
    };
    this.#cached.set(id, cached);
    memoryBudget.touch(cached);
    return cached;
  }

  #load(rows: InMemoryIndex, stored: StoredSpace): void {
    this.#reader.load(rows, stored.id, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
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

  #searchRows(rows: InMemoryIndex, query: VectorQuery): Neighbour[] | undefined {
    const { vector, topK, mode, conditions = [], keys } = query;
    const list = rows.list(conditions, keys);
    const k = Math.min(topK, list.count);
    if (k === 0) return [];
    if (vector.every((number) => number === 0)) {
      return nearest(
        rows.keysOf(list).map((key) => ({ key, similarity: 0 })),
        k,
      );
    }
    const search = (mode ?? defaultMode(rows, list.count)) === 'exact' ? exactSearch : fastSearch;
    return search(rows, vector, list, k, (wanted) => this.#reader.vectors(wanted));
  }

  /** Looks at some blocks at a time, in the same space, and at what changed since they were written. */
  #searchInParts(name: SpaceName, head: Head, query: VectorQuery): Neighbour[] {
    const stored = this.#reader.find(name);
    const rows = this.#reader.makeRows(name, stored, query.mode === 'exact' ? 'bits8' : 'bits4');
    const changed = this.#reader.changedKeys(head.compactedThrough);
    this.#reader.refresh(rows, name, [...changed, ...this.#reader.keysOutsideBlocks(name)]);
    let best = this.#searchRows(rows, query) ?? [];
    const blocks = stored === undefined ? [] : this.#reader.blockNumbers(stored.id);
    for (let start = 0; start < blocks.length; start += BLOCKS_AT_ONCE) {
      const some = blocks.slice(start, start + BLOCKS_AT_ONCE);
      rows.clear();
      this.#reader.load(rows, stored?.id ?? 0, some[0] ?? 0, some.at(-1) ?? 0);
      for (const key of changed) rows.remove(key);
      best = nearest([...best, ...(this.#searchRows(rows, query) ?? [])], query.topK);
    }
    return best;
  }
}

function defaultMode(rows: InMemoryIndex, count: number): SearchMode {
  return count <= EXACT_WITH[rows.precision] ? 'exact' : 'fast';
}

function isAtLeast(precision: Precision, minimum: Precision): boolean {
  return EXACT_WITH[precision] >= EXACT_WITH[minimum];
}

/** Returns the one index that a connection has of a source, so that its memory is taken once. */
export function vectorIndexOf(db: Database, source: VectorSource): VectorIndex {
  return contextOf(db).share(source, VectorIndex, () => new VectorIndex(db, source));
}
