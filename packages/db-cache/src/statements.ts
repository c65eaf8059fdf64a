import type { Database } from '@codebuddy/db-core';
import { contextOf, laterInstant } from '@codebuddy/db-core/internal';

const WRITTEN =
  'key, value, embedding, embedding_model, created_at, expires_at, stale_until, last_used, hits, category';
const LIVE = '(expires_at IS NULL OR expires_at > @now)';
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

    readImported: prepare(
      'import',
      'SELECT key, value, embedding, created_at, expires_at, hits, category FROM cache WHERE key = @key',
    ),

    addHits: prepare(
      'flush',
      `UPDATE cache SET hits = hits + @hits, last_used = ${laterInstant('last_used', '@usedAt')} WHERE key = @key`,
    ),

    addTag: prepare('set', 'INSERT INTO cache_tags (tag, key) VALUES (@tag, @key) ON CONFLICT DO NOTHING'),

    delete: prepare('delete', 'DELETE FROM cache WHERE key = @key'),
    deleteContaining: prepare('deleteByPattern', 'DELETE FROM cache WHERE instr(key, @text) > 0'),
    deleteKeys: prepare('deleteByPattern', 'DELETE FROM cache WHERE key IN (SELECT value FROM json_each(@keys))'),
    deleteCategory: prepare('deleteByCategory', 'DELETE FROM cache WHERE category = @category'),
    deleteTag: prepare('deleteByTag', 'DELETE FROM cache WHERE key IN (SELECT key FROM cache_tags WHERE tag = @tag)'),
    deleteExpired: prepare(
      'deleteExpired',
      'DELETE FROM cache WHERE expires_at <= @now AND (stale_until IS NULL OR stale_until <= @now)',
    ),
    deletePrefix: prepare('clear', `DELETE FROM cache WHERE key >= @prefix AND ${BEFORE_END_OF_PREFIX}`),
    clear: prepare('clear', 'DELETE FROM cache'),

    keys: prepare(
      'keys',
      `SELECT key FROM cache WHERE (@category IS NULL OR category = @category) AND (@includeExpired OR ${LIVE})
       ORDER BY key`,
    ),

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
       FROM cache GROUP BY 1 ORDER BY 1`,
    ),

    byId: prepare('searchSimilar', 'SELECT key, value FROM cache WHERE id = @id'),
  };
}

/** The fixed statements on the cache, prepared for one connection. */
export type CacheStatements = ReturnType<typeof prepareStatements>;
