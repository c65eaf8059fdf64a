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
import { BLOCK_BITS } from './block-format.ts';
import { exactSearch } from './exact-search.ts';
import { fastSearch } from './fast-search.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { EXACT_WITH, type Head, IndexCache, readHead } from './index-cache.ts';
import { IndexCompactor } from './index-compactor.ts';
import { IndexReader, type SpaceName } from './index-reader.ts';
import { memoryBudget } from './memory-budget.ts';
import { type Neighbour, nearest } from './rescore.ts';
import { prepareVectorStatements, type VectorStatements } from './statements.ts';

/** Changes that searches look up one by one: with more, they are compacted into the blocks. */
const COMPACT_AT = 2_048;

/** Blocks that are looked at together, at most, if there is no memory for all of them. */
const MAX_BLOCKS_AT_ONCE = 16;

/** The promise of a search: the same as a scan of all vectors (`exact`), or at least 0.99 of it on average (`fast`). */
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
  readonly #cache: IndexCache;

  constructor(db: Database, source: VectorSource) {
    this.#db = db;
    this.#statements = prepareVectorStatements(db, source);
    this.#reader = new IndexReader(source, this.#statements);
    this.#compactor = new IndexCompactor(source, this.#statements);
    this.#cache = new IndexCache(db, this.#reader, this.#statements);
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
    return this.searchAnd(query, (neighbours) => neighbours);
  }

  /**
   * Searches, and reads what belongs to the result from the same state of the database. Throws as {@link search} does.
   *
   * @param query - its keys are asked for in that state too
   * @param read - given the most similar first
   */
  searchAnd<Result>(
    query: Omit<VectorQuery, 'keys'> & { keys?: VectorQuery['keys'] | (() => VectorQuery['keys']) },
    read: (neighbours: Neighbour[]) => Result,
  ): Result {
    assertVector(query.vector, 'embedding');
    const { keys } = query;
    const isProvisional = this.#db.inTransaction;
    const model = requireInteger(query.topK, 'topK', { min: 0 }) === 0 ? undefined : this.#chooseModel(query);
    if (model === undefined) return this.#reads('vectors.search', () => read([]));
    const name = { model, dimensions: query.vector.length };
    if (!isProvisional) this.#compactWithoutWaiting(name);
    return this.#reads('vectors.search', () =>
      read(this.#find(name, { ...query, keys: typeof keys === 'function' ? keys() : keys }, isProvisional)),
    );
  }

  #find(name: SpaceName, query: VectorQuery, isProvisional: boolean): Neighbour[] {
    const head = readHead(this.#statements);
    // Of many vectors, the first search reads only one-bit codes: it may be the only one of its process.
    for (const precision of ['bits1', 'bits4', 'bits8'] as const) {
      if (query.mode === 'exact' && precision !== 'bits8') continue;
      const rows = this.#cache.obtain(name, head, precision, isProvisional);
      if (rows === undefined) return this.#searchInParts(name, head, query);
      const found = this.#searchRows(rows, query);
      this.#cache.settle(name);
      if (found !== undefined) return found;
    }
    return [];
  }

  /** Compacts the log of changes into the blocks once enough changes have accumulated. To be called after writing. */
  compactIfNeeded(): void {
    const { newest, compactedThrough } = readHead(this.#statements);
    if (newest - compactedThrough >= COMPACT_AT)
      this.#transaction('vectors.compact', (transaction) => this.#compactor.compact(transaction));
  }

  /** Makes everything that is derived from the vectors anew. */
  rebuild(): void {
    this.#transaction('vectors.rebuild', (transaction) => this.#compactor.rebuild(transaction));
    this.#cache.clear();
  }

  #chooseModel({ model, vector }: Pick<VectorQuery, 'model' | 'vector'>): string | undefined {
    if (model !== undefined) return model;
    const bytes = vector.byteLength;
    return chooseEmbeddingModel(
      undefined,
      this.models().filter((stored) => this.#statements.hasVectors.get({ model: stored, bytes }) !== undefined),
    );
  }

  /** A reader must not wait for a writer: while another process writes, compaction is left to a later search. */
  #compactWithoutWaiting(name: SpaceName): void {
    const { newest, compactedThrough } = readHead(this.#statements);
    // Blocks are read once: those that another release has made meanwhile need not be made anew for what is in memory.
    const needsBlocks = !this.#cache.has(name) && !this.#reader.isReadable(name);
    if (this.#db.readonly || (newest - compactedThrough < COMPACT_AT && !needsBlocks)) return;
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
    const fitting = Math.floor(memoryBudget.maxBytes / rows.expectedSize(2 ** BLOCK_BITS));
    const atOnce = Math.min(Math.max(fitting, 1), MAX_BLOCKS_AT_ONCE);
    for (let start = 0; start < blocks.length; start += atOnce) {
      const some = blocks.slice(start, start + atOnce);
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

/** Returns the one index that a connection has of a source, so that its memory is taken once. */
export function vectorIndexOf(db: Database, source: VectorSource): VectorIndex {
  return contextOf(db).share(source, VectorIndex, () => new VectorIndex(db, source));
}
