/** The options of a stored value. */
export interface SetOptions {
  /** The time it lives: milliseconds, or a duration such as `'30d'`. With 0 it is gone at once. Default: forever. */
  readonly ttlMs?: Duration | null | undefined;
  /** `getOrCompute` may still return it for this long after its end, while it computes a new one. Default: 0. */
  readonly staleMs?: Duration | null | undefined;
  readonly category?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly embedding?: Float32Array | null | undefined;
  /** The model that made the embedding. Default: `unknown`. */
  readonly embeddingModel?: string | null | undefined;
}

/** One of several values that are stored together. */
export interface CacheItem extends SetOptions {
  readonly key: string;
  readonly value: unknown;
}

/** An entry that is there, whatever its value: `null` and `undefined` are values too. */
export interface CacheEntry {
  readonly value: unknown;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly hits: number;
  readonly category?: string;
}

/** A value that was found or computed. */
export interface ComputedValue<Value> {
  readonly value: Value;
  /** Whether it was in the cache. */
  readonly cached: boolean;
}

/** The size of the cache. */
export interface CacheStats {
  /** Expired entries that are not deleted yet are counted too. */
  readonly totalEntries: number;
  readonly totalHits: number;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly expiredCount: number;
}

/** The keys that a list holds. */
export interface KeyFilter {
  readonly category?: string | null | undefined;
  /** Default: false. */
  readonly includeExpired?: boolean | null | undefined;
}

/** A length of time: milliseconds, or a number with a unit, such as `'90s'`, `'1.5h'` or `'30d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;

/** Stores values by key, with an optional end of life. `CacheRepository` of `@codebuddy/db-cache` is one. */
export interface CacheStore {
  get<Value = unknown>(key: string): Value | null;
  getEntry(key: string): CacheEntry | undefined;
  set(key: string, value: unknown, options?: SetOptions): void;
  setMany(items: readonly CacheItem[]): void;
  getOrCompute<Value>(
    key: string,
    compute: () => Value | Promise<Value>,
    options?: Omit<SetOptions, 'embedding' | 'embeddingModel'>,
  ): Promise<ComputedValue<Value>>;
  delete(key: string): boolean;
  deleteMany(keys: readonly string[]): boolean[];
  deleteByPattern(pattern: string | RegExp): number;
  deleteByCategory(category: string): number;
  deleteByTag(tag: string): number;
  deleteExpired(): number;
  clear(prefix?: string): void;
  has(key: string): boolean;
  keys(filter?: KeyFilter): string[];
  searchSimilar(
    embedding: Float32Array,
    category?: string,
    topK?: number,
    embeddingModel?: string,
  ): { readonly key: string; readonly value: unknown; readonly similarity: number }[];
  getStats(): CacheStats;
  getSizeEstimate(): number;
}
