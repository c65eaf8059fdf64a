import { type CacheRecord, decodeJson, encodeJson, formatTimestamp, isPlainObject } from '@codebuddy/db-core/internal';
import { EntryReader } from './entry-reader.ts';
import type { ParsedEntry } from './parsed-entry.ts';

/**
 * Turns an entry of `semantic-cache.json` into a cache record.
 *
 * @param modifiedMs - when the file was last changed: the time of entries that tell none
 * @param now - milliseconds since 1970-01-01 UTC: what has expired by then is left out
 */
export function parseLegacyCacheEntry(entry: unknown, modifiedMs: number, now: number): ParsedEntry<CacheRecord> {
  const read = new EntryReader(entry);
  const key = read.text('key');
  const embedding = read.optionalVector('embedding');
  const created = read.optionalInstant('createdAt') ?? formatTimestamp(modifiedMs);
  const expires = read.optionalInstant('expiresAt');
  const hits = read.optionalCount('hits') ?? 0;
  const value = isPlainObject(entry) ? entry['value'] : undefined;
  if (isPlainObject(entry) && value === undefined) read.reasons.push('value is missing');
  if (read.reasons.length > 0) return { reasons: read.reasons, ...(key === '' ? {} : { id: key }) };
  if (expires !== undefined && expires <= formatTimestamp(now)) return { expired: true };
  return {
    value: {
      key,
      value: decodeJson(encodeJson(value, 'value')),
      created_at: created,
      hits,
      category: 'migrated',
      ...(embedding === undefined ? {} : { embedding }),
      ...(expires === undefined ? {} : { expires_at: expires }),
    },
  };
}
