import type { Redact } from '@codebuddy/db-core';
import {
  type CacheRecord,
  type ImportOutcome,
  normalizeTimestamp,
  type RunTransaction,
  requireArray,
  requireInteger,
  requireObject,
} from '@codebuddy/db-core/internal';
import type { CacheBounds } from './cache-bounds.ts';
import { type NewEntry, toRow } from './cache-rows.ts';
import type { HitCounter } from './hit-counter.ts';
import type { CacheStatements } from './statements.ts';

/** Writes entries that are checked, with their tags, and keeps the cache within its bounds. */
export class CacheWriter {
  readonly #statements: CacheStatements;
  readonly #transaction: RunTransaction;
  readonly #bounds: CacheBounds;
  readonly #hits: HitCounter;
  readonly #redact: Redact | undefined;

  constructor(
    statements: CacheStatements,
    transaction: RunTransaction,
    bounds: CacheBounds,
    hits: HitCounter,
    redact: Redact | undefined,
  ) {
    this.#statements = statements;
    this.#transaction = transaction;
    this.#bounds = bounds;
    this.#hits = hits;
    this.#redact = redact;
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

  /** Adds what is not there yet, all or none, and returns for each whether it existed. */
  import(records: readonly CacheRecord[], now: number): ImportOutcome[] {
    return this.#transaction('cache.import', () =>
      requireArray(records, 'records').map((record) => {
        const { category, embedding } = requireObject(record, 'records');
        const { changes } = this.#statements.importEntry.run({
          ...toRow(record.key, record.value, { category, embedding }, now, this.#redact),
          created_at: normalizeTimestamp(record.created_at, 'created_at'),
          expires_at: record.expires_at === undefined ? null : normalizeTimestamp(record.expires_at, 'expires_at'),
          hits: requireInteger(record.hits, 'hits', { min: 0 }),
        });
        return changes > 0 ? 'inserted' : 'exists';
      }),
    );
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
