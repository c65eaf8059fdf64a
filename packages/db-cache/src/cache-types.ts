import type { Clock } from '@codebuddy/db-core';

/** The options of a cache. */
export interface CacheOptions {
  readonly clock?: Clock | undefined;
  /** The most entries; the least recently used go first. Default: any number. */
  readonly maxEntries?: number | undefined;
  /** The most bytes of keys, values and vectors; the least recently used go first. Default: any number. */
  readonly maxBytes?: number | undefined;
}
