import type { Database } from '@codebuddy/db-core';
import { contextOf, laterInstant } from '@codebuddy/db-core/internal';

const WRITTEN =
  'key, value, embedding, embedding_model, created_at, expires_at, stale_until, last_used, hits, category';
const DEAD = '(expires_at <= @now AND (stale_until IS NULL OR stale_until <= @now))';
const LIVE = '(expires_at IS NULL OR expires_at > @now)';
/**
 * The expiry of a row that holds no value, but the lease of somebody who computes one: before all times, so that such a row is
 * no entry to any reader.
 */
const LEASED = "'0000-01-01T00:00:00.000Z'";
/** No text has the byte FF: whatever begins with the prefix comes before it. */
const BEFORE_END_OF_PREFIX = "key < @prefix || CAST(x'ff' AS TEXT)";
const VALUES = WRITTEN.split(', ')
  .map((column) => `@${column}`)
  .join(', ');

/** Prepares every fixed statement on the cache. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `cache.${operation}`);
  return {
    get: prepare('get', `SELECT value FROM cache WHERE key = @key AND ${LIVE}`),

    getEntry: prepare(
      'getEntry',
      `SELECT value, created_at, expires_at, hits, category, ${LIVE} AS live FROM cache
       WHERE key = @key AND (${LIVE} OR stale_until > @now)`,
    ),

    has: prepare('has', `SELECT 1 FROM cache WHERE key = @key AND ${LIVE}`),

    set: prepare(
      'set',
      `INSERT INTO cache (${WRITTEN}) VALUES (${VALUES})
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, embedding = excluded.embedding,
         embedding_model = excluded.embedding_model, created_at = excluded.created_at, expires_at = excluded.expires_at,
         stale_until = excluded.stale_until, last_used = excluded.last_used, hits = 0, category = excluded.category`,
    ),

    importEntry: prepare('import', `INSERT INTO cache (${WRITTEN}) VALUES (${VALUES}) ON CONFLICT (key) DO NOTHING`),
    deleteLease: prepare('import', `DELETE FROM cache WHERE key = @key AND expires_at = ${LEASED}`),

    readImported: prepare(
      'import',
      `SELECT key, value, embedding, created_at, expires_at, hits, category FROM cache
       WHERE key = @key AND expires_at IS NOT ${LEASED}`,
    ),

    addHits: prepare(
      'flush',
      `UPDATE cache SET hits = hits + @hits, last_used = ${laterInstant('last_used', '@usedAt')} WHERE key = @key`,
    ),

    deleteDead: prepare('getOrCompute', `DELETE FROM cache WHERE key = @key AND ${DEAD} AND expires_at <> ${LEASED}`),

    acquireLease: prepare(
      'getOrCompute',
      `INSERT INTO cache (key, value, created_at, expires_at, last_used, category)
       VALUES (@key, json_quote(@id), @now, ${LEASED}, @now, @category)
       ON CONFLICT (key) DO UPDATE SET created_at = excluded.created_at WHERE expires_at = ${LEASED}`,
    ),

    readLease: prepare(
      'getOrCompute',
      `SELECT created_at, iif(expires_at = ${LEASED}, value ->> '$', NULL) AS lease FROM cache WHERE key = @key`,
    ),

    changes: prepare('getOrCompute', 'SELECT data_version AS others, total_changes() AS own FROM pragma_data_version'),

    releaseLease: prepare(
      'getOrCompute',
      `DELETE FROM cache WHERE key = @key AND expires_at = ${LEASED} AND value ->> '$' = @id`,
    ),

    addTag: prepare('set', 'INSERT INTO cache_tags (tag, key) VALUES (@tag, @key) ON CONFLICT DO NOTHING'),

    delete: prepare('delete', 'DELETE FROM cache WHERE key = @key'),
    deleteContaining: prepare('deleteByPattern', 'DELETE FROM cache WHERE instr(key, @text) > 0'),
    deleteKeys: prepare('deleteByPattern', 'DELETE FROM cache WHERE key IN (SELECT value FROM json_each(@keys))'),
    deleteCategory: prepare('deleteByCategory', 'DELETE FROM cache WHERE category = @category'),
    deleteTag: prepare('deleteByTag', 'DELETE FROM cache WHERE key IN (SELECT key FROM cache_tags WHERE tag = @tag)'),
    deleteExpired: prepare(
      'deleteExpired',
      `DELETE FROM cache WHERE ${DEAD} AND (expires_at <> ${LEASED} OR created_at <= @abandoned)`,
    ),
    deletePrefix: prepare('clear', `DELETE FROM cache WHERE key >= @prefix AND ${BEFORE_END_OF_PREFIX}`),
    clear: prepare('clear', 'DELETE FROM cache'),

    keys: prepare(
      'keys',
      `SELECT key FROM cache WHERE (@category IS NULL OR category = @category) AND (@includeExpired OR ${LIVE})
         AND expires_at IS NOT ${LEASED}
       ORDER BY key`,
    ),

    keysAndLeases: prepare('deleteByPattern', 'SELECT key FROM cache ORDER BY key'),

    entriesFrom: prepare(
      'iterate',
      `SELECT key, value FROM cache WHERE key >= @from AND ${BEFORE_END_OF_PREFIX} AND ${LIVE}
       ORDER BY key LIMIT @limit`,
    ),

    totals: prepare('getSizeEstimate', 'SELECT entries, bytes FROM cache_totals'),

    evict: prepare(
      'set',
      'DELETE FROM cache WHERE key IN (SELECT key FROM cache WHERE key <> @kept ORDER BY last_used, key LIMIT @count)',
    ),

    statistics: prepare(
      'getStats',
      `SELECT ifnull(category, 'uncategorized') AS category, count(*) AS entries, sum(hits) AS hits,
         sum(NOT ${LIVE}) AS expired
       FROM cache WHERE expires_at IS NOT ${LEASED} GROUP BY 1 ORDER BY 1`,
    ),

    byId: prepare('searchSimilar', 'SELECT key, value FROM cache WHERE id = @id'),
  };
}

/** The fixed statements on the cache, prepared for one connection. */
export type CacheStatements = ReturnType<typeof prepareStatements>;
