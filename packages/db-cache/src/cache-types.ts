import type { Clock, Redact } from '@codebuddy/db-core';
import type { NamesOf } from '@codebuddy/db-core/internal';

/** The options of a cache. */
export interface CacheOptions {
  readonly clock?: Clock | null | undefined;
  /** The most entries; the least recently used go first. Default: any number. */
  readonly maxEntries?: number | null | undefined;
  /** The most bytes of keys, values and vectors; the least recently used go first. Default: any number. */
  readonly maxBytes?: number | null | undefined;
  /**
   * Takes out of values what must not be stored, such as `redactSecrets`; keys stay as they are. Default: nothing is taken
   * out, whatever the connection redacts, since a program that caches a token needs it back.
   */
  readonly redact?: Redact | null | undefined;
}

/** The names of {@link CacheOptions}. */
export const CACHE_OPTION_NAMES: NamesOf<CacheOptions> = {
  clock: true,
  maxEntries: true,
  maxBytes: true,
  redact: true,
};
