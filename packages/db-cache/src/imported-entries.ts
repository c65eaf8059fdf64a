import type { Redact } from '@codebuddy/db-core';
import {
  type CacheRecord,
  type ImportOutcome,
  type NamesOf,
  normalizeTimestamp,
  type RunTransaction,
  readRecord,
  redactCacheRecord,
  requireArray,
  requireInteger,
  requireKey,
} from '@codebuddy/db-core/internal';
import { toRecord, toRow } from './cache-rows.ts';
import type { CacheStatements } from './statements.ts';

const RECORD_NAMES: NamesOf<CacheRecord> = {
  key: true,
  value: true,
  embedding: true,
  created_at: true,
  expires_at: true,
  hits: true,
  category: true,
};

/** Stores entries of an import as they are, each once, and finds them again. */
export class ImportedEntries {
  readonly #statements: CacheStatements;
  readonly #transaction: RunTransaction;
  readonly #redact: Redact | undefined;

  constructor(statements: CacheStatements, transaction: RunTransaction, redact: Redact | undefined) {
    this.#statements = statements;
    this.#transaction = transaction;
    this.#redact = redact;
  }

  /**
   * Stores all, or none.
   *
   * @param now - the time of the import, in milliseconds since 1970-01-01 UTC
   */
  importAll(records: readonly CacheRecord[], now: number): ImportOutcome[] {
    return this.#transaction('cache.import', () =>
      requireArray(records, 'records').map((record) => this.#import(record, now)),
    );
  }

  /** Returns the entry of each key, expired or not. */
  findAll(keys: readonly string[]): (CacheRecord | null)[] {
    return requireArray(keys, 'keys').map((key) => {
      const row = this.#statements.readImported.get({ key: requireKey(key, 'keys') });
      return row === undefined ? null : toRecord(row);
    });
  }

  /** Returns a record as it is stored. */
  redact(record: CacheRecord): CacheRecord {
    return this.#redact === undefined ? record : redactCacheRecord(record, this.#redact);
  }

  #import(record: CacheRecord, now: number): ImportOutcome {
    const { key, category, embedding, created_at, expires_at, hits } = readRecord(record, RECORD_NAMES, {}, 'records');
    this.#statements.deleteLease.run({ key: requireKey(key, 'key') });
    const { changes } = this.#statements.importEntry.run({
      ...toRow(key, record.value, { category, embedding }, now, this.#redact),
      created_at: normalizeTimestamp(created_at, 'created_at'),
      expires_at: expires_at === undefined ? null : normalizeTimestamp(expires_at, 'expires_at'),
      hits: requireInteger(hits, 'hits', { min: 0 }),
    });
    return changes > 0 ? 'inserted' : 'exists';
  }
}
