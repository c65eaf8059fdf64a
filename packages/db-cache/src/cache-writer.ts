import type { RunTransaction } from '@codebuddy/db-core/internal';
import type { CacheBounds } from './cache-bounds.ts';
import type { NewEntry } from './cache-rows.ts';
import type { HitCounter } from './hit-counter.ts';
import type { CacheStatements } from './statements.ts';

/** Writes entries that are checked, with their tags, and keeps the cache within its bounds. */
export class CacheWriter {
  readonly #statements: CacheStatements;
  readonly #transaction: RunTransaction;
  readonly #bounds: CacheBounds;
  readonly #hits: HitCounter;

  constructor(statements: CacheStatements, transaction: RunTransaction, bounds: CacheBounds, hits: HitCounter) {
    this.#statements = statements;
    this.#transaction = transaction;
    this.#bounds = bounds;
    this.#hits = hits;
  }

  write(entry: NewEntry): void {
    this.#hits.forget(entry.row.key);
    // One statement is a transaction of its own; a trigger takes the tags of the value before.
    if (entry.isOver || (entry.tags.length === 0 && !this.#bounds.exist)) this.#put(entry);
    else this.#writeTogether('cache.set', [entry]);
  }

  /** Writes all, or none. */
  writeMany(entries: readonly NewEntry[]): void {
    for (const { row } of entries) this.#hits.forget(row.key);
    this.#writeTogether('cache.setMany', entries);
  }

  #writeTogether(operation: string, entries: readonly NewEntry[]): void {
    // What was read last must be known before anything is evicted.
    if (this.#bounds.exist) this.#hits.flush();
    this.#transaction(operation, () => {
      for (const entry of entries) this.#put(entry);
    });
  }

  #put({ row, tags, isOver }: NewEntry): void {
    if (isOver) {
      this.#statements.delete.run({ key: row.key });
      return;
    }
    this.#statements.set.run(row);
    for (const tag of tags) this.#statements.addTag.run({ key: row.key, tag });
    this.#bounds.enforce(row.key);
  }
}
