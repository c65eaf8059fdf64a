import type { Database } from '@codebuddy/db-core';
import { type ConnectionContext, contextOf, type UsageCounter } from '@codebuddy/db-core/internal';
import type { CacheBounds } from './cache-bounds.ts';
import type { NewEntry } from './cache-rows.ts';
import type { CacheStatements } from './statements.ts';

/** Writes entries that are checked, with their tags, and keeps the cache within its bounds. */
export class CacheWriter {
  readonly #context: ConnectionContext;
  readonly #statements: CacheStatements;
  readonly #bounds: CacheBounds;
  readonly #hits: UsageCounter;

  constructor(db: Database, statements: CacheStatements, bounds: CacheBounds, hits: UsageCounter) {
    this.#context = contextOf(db);
    this.#statements = statements;
    this.#bounds = bounds;
    this.#hits = hits;
  }

  write(entry: NewEntry): void {
    // One statement is a transaction of its own; a trigger takes the tags of the value before.
    if (entry.isOver || (entry.tags.length === 0 && !this.#bounds.exist)) this.#put(entry);
    else this.#context.transaction('cache.set', () => this.#putAll([entry]));
  }

  /** Writes all, or none. */
  writeMany(entries: readonly NewEntry[]): void {
    this.#context.transaction('cache.setMany', () => this.#putAll(entries));
  }

  /**
   * Writes an entry whose caller has the value already, and should not wait.
   *
   * @param isWanted - asked in the transaction that writes the entry
   */
  writeSoon(entry: NewEntry, isWanted: () => boolean): Promise<void> {
    const write = () => {
      if (isWanted()) this.#putAll([entry]);
    };
    return this.#context.writeSoon('cache.getOrCompute', write, 'A value was not cached.');
  }

  #putAll(entries: readonly NewEntry[]): void {
    // What was read last must be known before anything is evicted.
    if (this.#bounds.exist) this.#hits.write();
    for (const entry of entries) this.#put(entry);
  }

  #put({ row, tags, isOver }: NewEntry): void {
    this.#hits.forget(row.key);
    if (isOver) {
      this.#statements.delete.run({ key: row.key });
      return;
    }
    this.#statements.set.run(row);
    for (const tag of tags) this.#statements.addTag.run({ key: row.key, tag });
    this.#bounds.enforce(row.key);
  }
}
