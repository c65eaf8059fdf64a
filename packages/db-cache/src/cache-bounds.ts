import { optionalInteger, read } from '@codebuddy/db-core/internal';
import type { CacheStatements } from './statements.ts';

const EVICTED_AT_ONCE = 16;

/** Keeps a cache within its bounds: the least recently used entries go first. */
export class CacheBounds {
  readonly #statements: CacheStatements;
  readonly #maxEntries: number;
  readonly #maxBytes: number;

  constructor(
    statements: CacheStatements,
    bounds: { readonly maxEntries?: number | undefined; readonly maxBytes?: number | undefined },
  ) {
    this.#statements = statements;
    this.#maxEntries = optionalInteger(bounds.maxEntries, 'maxEntries', { min: 1 }) ?? Infinity;
    this.#maxBytes = optionalInteger(bounds.maxBytes, 'maxBytes', { min: 1 }) ?? Infinity;
  }

  /** Whether there is any bound at all. */
  get exist(): boolean {
    return this.#maxEntries !== Infinity || this.#maxBytes !== Infinity;
  }

  /** Evicts entries until the cache is within its bounds; the one just written goes last, if it alone is too large. */
  enforce(written: string): void {
    if (!this.exist) return;
    for (;;) {
      const { entries, bytes } = this.#totals();
      const tooMany = entries - this.#maxEntries;
      if (tooMany <= 0 && bytes <= this.#maxBytes) return;
      const count = tooMany > 0 ? tooMany : EVICTED_AT_ONCE;
      const evicted = this.#statements.evict.run({ kept: written, count }).changes;
      if (evicted === 0) this.#statements.delete.run({ key: written });
    }
  }

  #totals(): { entries: number; bytes: number } {
    const row = this.#statements.totals.one();
    return { entries: read.number(row, 'entries'), bytes: read.number(row, 'bytes') };
  }
}
