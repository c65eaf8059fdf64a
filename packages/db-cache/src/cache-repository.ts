import type {
  CacheEntry,
  CacheItem,
  CacheStats,
  CacheStore,
  ComputedValue,
  KeyFilter,
  SetOptions,
} from '@codebuddy/db-core';
import { type Database, getDatabaseManager, type Redact } from '@codebuddy/db-core';
import {
  CACHE_VECTORS,
  type CacheImportTarget,
  type CacheRecord,
  contextOf,
  formatTimestamp,
  type ImportOutcome,
  type MonotonicClock,
  type RunTransaction,
  read,
  readOptions,
  requireArray,
  requireFunction,
  requireKey,
  requireObject,
  requireRedact,
  resolveRepositoryOptions,
  shareRepository,
  type UsageCounter,
  type VectorIndex,
  vectorIndexOf,
} from '@codebuddy/db-core/internal';
import { CacheBounds } from './cache-bounds.ts';
import { toEntry, toNewEntry, toStats, toValue } from './cache-rows.ts';
import { CACHE_OPTION_NAMES, type CacheOptions } from './cache-types.ts';
import { CacheWriter } from './cache-writer.ts';
import { ComputedValues } from './computed-values.ts';
import { vectorConditions } from './filter.ts';
import { ImportedEntries } from './imported-entries.ts';
import { iterateEntries } from './iterate-entries.ts';
import { matchingKeys } from './key-pattern.ts';
import { type CacheStatements, prepareStatements } from './statements.ts';

/** Stands for the counter of how often entries are read. */
const HITS = {};

/** A computation that takes longer is that of a process which has ended. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * Stores values by key, with an optional end of life. Values are what JSON can hold, and `undefined`. A value that is being
 * computed counts as an entry to the calls that delete.
 *
 * @example
 * ```ts
 * const cache = new CacheRepository(manager.getDatabase(), { maxBytes: 100_000_000 });
 * const { value, cached } = await cache.getOrCompute('tree:src', () => readTree('src'), { ttlMs: '5m' });
 * ```
 */
export class CacheRepository implements CacheStore, CacheImportTarget {
  readonly #statements: CacheStatements;
  readonly #transaction: RunTransaction;
  readonly #vectors: VectorIndex;
  readonly #writer: CacheWriter;
  readonly #imported: ImportedEntries;
  readonly #hits: UsageCounter;
  readonly #clock: MonotonicClock;
  readonly #redact: Redact | undefined;
  readonly #computed: ComputedValues;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: CacheOptions = {}) {
    const { clock, redact, ...limits } = readOptions(options, CACHE_OPTION_NAMES);
    this.#clock = resolveRepositoryOptions({ clock }, db).clock;
    this.#redact = redact === undefined ? undefined : requireRedact(redact);
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
    this.#vectors = vectorIndexOf(db, CACHE_VECTORS);
    this.#hits = contextOf(db).usageCounter(HITS, {
      operation: 'cache.flush',
      write: ({ key, uses, usedAt }) =>
        this.#statements.addHits.run({ key, hits: uses, usedAt: formatTimestamp(usedAt) }),
    });
    this.#writer = new CacheWriter(db, this.#statements, new CacheBounds(this.#statements, limits), this.#hits);
    this.#computed = new ComputedValues(db, this.#statements, this.#writer, this.#clock, this.#redact);
    this.#imported = new ImportedEntries(this.#statements, this.#transaction, this.#redact);
  }

  /**
   * Returns a value, or `null` if there is none or its time is over. Where `null` and `undefined` are values, ask
   * {@link getEntry}. The type is the caller's word: what JSON holds is handed back as it was stored.
   */
  get<Value = unknown>(key: string): Value | null;
  get(key: string): unknown {
    const now = this.#clock.now();
    const row = this.#statements.get.get({ key: requireKey(key, 'key'), now: this.#clock.timestampOf(now) });
    if (row === undefined) return null;
    this.#hits.count(key, now);
    return toValue(row) ?? null;
  }

  /** Returns an entry, or `undefined` if there is none or its time is over. */
  getEntry(key: string): CacheEntry | undefined {
    const now = this.#clock.now();
    const row = this.#statements.getEntry.get({ key: requireKey(key, 'key'), now: this.#clock.timestampOf(now) });
    if (row === undefined || !read.flag(row, 'live')) return undefined;
    const entry = toEntry(row, this.#hits.heldOf(key)?.uses ?? 0);
    this.#hits.count(key, now);
    return entry;
  }

  /**
   * Stores a value in place of any other under its key.
   *
   * @throws InvalidInputError when JSON can't hold all of the value, such as a `Map`, or a part of the options makes no sense
   */
  set(key: string, value: unknown, options: SetOptions = {}): void {
    this.#writer.write(toNewEntry(key, value, options, this.#clock.now(), this.#redact));
  }

  /**
   * Stores several values, all or none.
   *
   * @throws InvalidInputError as {@link set} does
   */
  setMany(items: readonly CacheItem[]): void {
    const now = this.#clock.now();
    const entries = requireArray(items, 'items').map((item) => {
      const { key, value, ...options } = requireObject(item, 'items');
      return toNewEntry(key, value, options, now, this.#redact);
    });
    this.#writer.writeMany(entries);
  }

  /**
   * Returns a value from the cache, or computes and stores it. Concurrent callers in this process share one
   * computation; one that fails is stored nowhere, and fails for all of them. A value is not stored if its key was set or
   * deleted while it was computed, by whatever call, in whichever process: what it was made of may be old.
   *
   * Nobody waits for the value to be stored: while another process writes, that is tried again in the background, and given up
   * with a `db:warning` if it can't be done.
   *
   * With `staleMs`, a value whose time has just ended is handed out at once, while a new one is computed behind it; if
   * that fails, the next caller tries again.
   */
  async getOrCompute<Value>(
    key: string,
    compute: () => Value | Promise<Value>,
    options?: Omit<SetOptions, 'embedding' | 'embeddingModel'>,
  ): Promise<ComputedValue<Value>>;
  async getOrCompute(key: string, compute: () => unknown, options: SetOptions = {}): Promise<ComputedValue<unknown>> {
    requireFunction(compute, 'compute');
    const now = this.#clock.now();
    const row = this.#statements.getEntry.get({ key: requireKey(key, 'key'), now: this.#clock.timestampOf(now) });
    if (row === undefined) return { value: await this.#computed.compute(key, compute, options), cached: false };
    this.#hits.count(key, now);
    if (!read.flag(row, 'live')) {
      // The stale value stays until a new one is there: the failure is the next caller's to see.
      this.#computed.compute(key, compute, options).catch(() => undefined);
    }
    return { value: toValue(row), cached: true };
  }

  /** Deletes an entry, and returns whether it existed. */
  delete(key: string): boolean {
    return this.#statements.delete.run({ key: requireKey(key, 'key') }).changes > 0;
  }

  /** Deletes several entries together, and returns for each whether it existed. */
  deleteMany(keys: readonly string[]): boolean[] {
    return this.#transaction('cache.deleteMany', () => requireArray(keys, 'keys').map((key) => this.delete(key)));
  }

  /**
   * Deletes the entries whose keys contain a string, or match an expression, and returns how many there were.
   *
   * @throws InvalidInputError when an expression takes longer than a second over all keys
   */
  deleteByPattern(pattern: string | RegExp): number {
    if (typeof pattern === 'string') return this.#statements.deleteContaining.run({ text: pattern }).changes;
    const keys = matchingKeys(
      this.#statements.keysAndLeases.all().map((row) => read.text(row, 'key')),
      pattern,
    );
    return this.#statements.deleteKeys.run({ keys: JSON.stringify(keys) }).changes;
  }

  /** Deletes the entries of a category, and returns how many there were. */
  deleteByCategory(category: string): number {
    return this.#statements.deleteCategory.run({ category }).changes;
  }

  /** Deletes the entries with a tag, and returns how many there were. */
  deleteByTag(tag: string): number {
    return this.#statements.deleteTag.run({ tag }).changes;
  }

  /** Deletes the entries whose time is over, and returns how many there were. */
  deleteExpired(): number {
    const now = this.#clock.now();
    const abandoned = this.#clock.timestampOf(now - ABANDONED_AFTER_MS);
    return this.#statements.deleteExpired.run({ now: this.#clock.timestampOf(now), abandoned }).changes;
  }

  /** Deletes every entry, or those whose keys begin with a string. */
  clear(prefix = ''): void {
    if (prefix === '') this.#statements.clear.run();
    else this.#statements.deletePrefix.run({ prefix });
  }

  /** Returns whether there is an entry whose time is not over. */
  has(key: string): boolean {
    return this.#statements.has.get({ key: requireKey(key, 'key'), now: this.#clock.timestamp() }) !== undefined;
  }

  /** Returns the keys, in their order. */
  keys(filter: KeyFilter = {}): string[] {
    const { category = null, includeExpired } = readOptions(filter, { category: true, includeExpired: true }, 'filter');
    const rows = this.#statements.keys.all({
      category,
      includeExpired: includeExpired === true ? 1 : 0,
      now: this.#clock.timestamp(),
    });
    return rows.map((row) => read.text(row, 'key'));
  }

  /** Iterates over the entries whose keys begin with a string, in the order of their keys, some at a time. */
  entries(prefix = ''): Generator<[key: string, value: unknown], void, undefined> {
    return iterateEntries(this.#statements, prefix, () => this.#clock.timestamp());
  }

  /**
   * Finds entries by their meaning: those whose vectors are most similar to the query's. Only vectors of one model are
   * compared.
   *
   * @param embeddingModel - what made the query, if the cache holds vectors of several models
   */
  searchSimilar(
    embedding: Float32Array,
    category?: string,
    topK = 10,
    embeddingModel?: string,
  ): { readonly key: string; readonly value: unknown; readonly similarity: number }[] {
    const conditions = vectorConditions(category, this.#clock.timestamp());
    return this.#vectors.searchAnd({ vector: embedding, model: embeddingModel, topK, conditions }, (neighbours) =>
      neighbours.flatMap(({ key: id, similarity }) => {
        const row = this.#statements.byId.get({ id });
        return row === undefined ? [] : [{ key: read.text(row, 'key'), value: toValue(row), similarity }];
      }),
    );
  }

  /** Counts what is cached. */
  getStats(): CacheStats {
    this.#hits.tryWrite();
    return toStats(this.#statements.statistics.all({ now: this.#clock.timestamp() }), this.#hits.total);
  }

  /** Returns the bytes of all keys, values and vectors. */
  getSizeEstimate(): number {
    return read.number(this.#statements.totals.one(), 'bytes');
  }

  /** Writes down the reads that were only counted in memory so far. */
  flush(): void {
    this.#hits.write();
  }

  /** Writes down what is held back, at the end of a `using` block; while another process writes, it stays held back. */
  [Symbol.dispose](): void {
    this.#hits.tryWrite();
  }

  /** {@inheritDoc CacheImportTarget.importEntries} */
  importEntries(records: readonly CacheRecord[]): ImportOutcome[] {
    return this.#imported.importAll(records, this.#clock.now());
  }

  /** {@inheritDoc CacheImportTarget.locateEntries} */
  locateEntries(keys: readonly string[]): (CacheRecord | null)[] {
    return this.#imported.findAll(keys);
  }

  /** {@inheritDoc CacheImportTarget.redactEntry} */
  redactEntry(record: CacheRecord): CacheRecord {
    return this.#imported.redact(record);
  }
}

const shared = shareRepository((db, options?: CacheOptions) => new CacheRepository(db, options));

/**
 * Returns the process's one repository, for the present connection of its `DatabaseManager`. Options count when it is made;
 * later calls get the repository that is there.
 */
export const getCacheRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetCacheRepository = shared.reset;
