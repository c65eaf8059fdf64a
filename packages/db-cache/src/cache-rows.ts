import type { CacheEntry, CacheStats, Redact, SetOptions } from '@codebuddy/db-core';
import {
  type CacheRecord,
  decodeJson,
  encodeJson,
  encodeVector,
  formatTimestamp,
  type Given,
  type NamesOf,
  type Row,
  read,
  readOptions,
  requireArray,
  requireJsonValue,
  requireKey,
  requireString,
  UNKNOWN_MODEL,
} from '@codebuddy/db-core/internal';
import { toMilliseconds } from './duration.ts';

const OPTION_NAMES: NamesOf<SetOptions> = {
  ttlMs: true,
  staleMs: true,
  category: true,
  tags: true,
  embedding: true,
  embeddingModel: true,
};

/** An entry that is checked, and about to be written. */
export interface NewEntry {
  readonly row: ReturnType<typeof toRow>;
  readonly tags: readonly string[];
  /** Whether it has no time to live, and is rather to be deleted. */
  readonly isOver: boolean;
}

/** Checks all that an entry is to be made of. */
export function toNewEntry(
  key: string,
  value: unknown,
  options: SetOptions,
  now: number,
  redact: Redact | undefined,
): NewEntry {
  const given = readOptions(options, OPTION_NAMES);
  const row = toRow(key, value, given, now, redact);
  const tags = requireArray(given.tags ?? [], 'tags').map((tag) => requireString(tag, 'tags'));
  return { row, tags, isOver: row.expires_at !== null && row.expires_at <= row.created_at };
}

/** Checks a value and its options, and returns the columns they fill. */
export function toRow(
  key: string,
  value: unknown,
  options: Given<SetOptions>,
  now: number,
  redact: Redact | undefined,
) {
  const ttl = options.ttlMs === undefined ? undefined : toMilliseconds(options.ttlMs, 'ttlMs');
  const staleMs = options.staleMs === undefined ? 0 : toMilliseconds(options.staleMs, 'staleMs');
  const embedding = options.embedding === undefined ? null : encodeVector(options.embedding);
  return {
    key: requireKey(key, 'key'),
    value: value === undefined ? null : encodeJson(requireJsonValue(value, 'value'), 'value', redact),
    embedding,
    embedding_model:
      embedding === null ? null : requireString(options.embeddingModel ?? UNKNOWN_MODEL, 'embeddingModel'),
    created_at: formatTimestamp(now),
    expires_at: ttl === undefined ? null : formatTimestamp(now + ttl, 'ttlMs'),
    stale_until: ttl === undefined || staleMs === 0 ? null : formatTimestamp(now + ttl + staleMs, 'staleMs'),
    last_used: formatTimestamp(now),
    hits: 0,
    category: options.category === undefined ? null : requireString(options.category, 'category'),
  };
}

/** Turns a row into an entry, with the reads that are not written down yet. */
export function toEntry(row: Row, pendingHits: number): CacheEntry {
  const expiresAt = read.optionalText(row, 'expires_at');
  const category = read.optionalText(row, 'category');
  return {
    value: toValue(row),
    createdAt: read.text(row, 'created_at'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    hits: read.number(row, 'hits') + pendingHits,
    ...(category === undefined ? {} : { category }),
  };
}

/** Turns a row into a record, as an import brings it. */
export function toRecord(row: Row): CacheRecord {
  const json = read.optionalText(row, 'value');
  const embedding = read.optionalVector(row, 'embedding');
  const expires = read.optionalText(row, 'expires_at');
  return {
    key: read.text(row, 'key'),
    value: json === undefined ? null : decodeJson(json),
    created_at: read.text(row, 'created_at'),
    hits: read.number(row, 'hits'),
    category: read.optionalText(row, 'category') ?? '',
    ...(embedding === undefined ? {} : { embedding }),
    ...(expires === undefined ? {} : { expires_at: expires }),
  };
}

/** Returns the value of a row: NULL stands for `undefined`, which JSON has no word for. */
export function toValue(row: Row): unknown {
  const json = read.optionalText(row, 'value');
  return json === undefined ? undefined : decodeJson(json);
}

/** Adds up the rows of the categories, and the reads that are not written down yet. */
export function toStats(groups: readonly Row[], pendingHits: number): CacheStats {
  const sum = (column: string) => groups.reduce((total, row) => total + read.number(row, column), 0);
  return {
    totalEntries: sum('entries'),
    totalHits: sum('hits') + pendingHits,
    byCategory: Object.fromEntries(groups.map((row) => [read.text(row, 'category'), read.number(row, 'entries')])),
    expiredCount: sum('expired'),
  };
}
