import { type CacheRecord, isPlainObject } from '@codebuddy/db-core/internal';
import { EntryReader } from './entry-reader.ts';
import type { ParsedEntry } from './parsed-entry.ts';

/**
 * Turns an entry of `semantic-cache.json` into a cache record.
 *
 * @param modifiedAt - when the file was last changed: the time of entries that tell none
 * @param now - what has expired by then is left out
 */
export function parseLegacyCacheEntry(entry: unknown, modifiedAt: string, now: string): ParsedEntry<CacheRecord> {
  const read = new EntryReader(entry);
  const key = read.text('key');
  const embedding = read.optionalVector('embedding');
  const created = read.optionalInstant('createdAt') ?? modifiedAt;
  const expires = read.optionalInstant('expiresAt');
  const hits = read.optionalCount('hits') ?? 0;
  const value = read.json('value');
  if (isPlainObject(entry) && !('value' in entry)) read.reasons.push('value is missing');
  if (read.reasons.length > 0 || value === undefined) return { reasons: read.reasons };
  if (expires !== undefined && expires <= now) return { expired: true };
  return {
    value: {
      key,
      value,
      created_at: created,
      hits,
      category: 'migrated',
      ...(embedding === undefined ? {} : { embedding }),
      ...(expires === undefined ? {} : { expires_at: expires }),
    },
  };
}
