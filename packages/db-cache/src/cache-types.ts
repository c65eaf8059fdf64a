import type { Clock, Redact } from '@codebuddy/db-core';

/** The options of a cache. */
export interface CacheOptions {
  readonly clock?: Clock | undefined;
  /** The most entries; the least recently used go first. Default: any number. */
  readonly maxEntries?: number | undefined;
  /** The most bytes of keys, values and vectors; the least recently used go first. Default: any number. */
  readonly maxBytes?: number | undefined;
  /**
   * Takes out of values what must not be stored, such as `redactSecrets`; keys stay as they are. Default: nothing is taken
   * out, whatever the connection redacts, since a program that caches a token needs it back.
   */
  readonly redact?: Redact | undefined;
}
