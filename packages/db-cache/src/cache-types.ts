import type { Clock } from '@codebuddy/db-core';
import type { Duration } from './duration.ts';

/** What a cache can be given. */
export interface CacheOptions {
  readonly clock?: Clock | undefined;
  /** The most entries; the least recently used go first. Default: any number. */
  readonly maxEntries?: number | undefined;
  /** The most bytes of keys, values and vectors; the least recently used go first. Default: any number. */
  readonly maxBytes?: number | undefined;
}

/** How a value is stored. */
export interface SetOptions {
  /** How long it lives: milliseconds, or a duration such as `'30d'`. With 0 it is gone at once. Default: for ever. */
  readonly ttlMs?: Duration | undefined;
  /** How long after its end `getOrCompute` may still hand it out while it computes a new one. Default: 0. */
  readonly staleMs?: Duration | undefined;
  readonly category?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly embedding?: Float32Array | undefined;
  /** What made the embedding. Default: `unknown`. */
  readonly embeddingModel?: string | undefined;
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

/** How much is cached. */
export interface CacheStats {
  /** Expired entries that are not deleted yet are counted too. */
  readonly totalEntries: number;
  readonly totalHits: number;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly expiredCount: number;
}
