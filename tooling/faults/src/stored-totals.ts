import { AnalyticsRepository, PersistentAnalytics } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import type { Database } from '@codebuddy/db-core';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';

/** Queries that find stored counters and totals that differ from their rows. */
const COUNTERS: Readonly<Record<string, string>> = {
  message_count: `SELECT id FROM sessions
    WHERE message_count <> (SELECT count(*) FROM messages WHERE session_id = sessions.id)`,
  cache_totals: `SELECT entries FROM cache_totals
    WHERE entries <> (SELECT count(*) FROM cache) OR bytes <> (SELECT ifnull(sum(size), 0) FROM cache)`,
  file_count: `SELECT id FROM checkpoints AS c
    WHERE file_count <> (SELECT count(*) FROM checkpoint_files WHERE checkpoint_id = c.id)
      OR total_size <> (SELECT ifnull(sum(d.size), 0) FROM checkpoint_files AS f
        JOIN checkpoint_contents AS d ON d.hash = f.content_hash WHERE f.checkpoint_id = c.id)`,
  'checkpoint contents that no file has':
    'SELECT hash FROM checkpoint_contents WHERE hash NOT IN (SELECT content_hash FROM checkpoint_files WHERE content_hash NOT NULL)',
  'code contents that no chunk has':
    'SELECT id FROM code_contents WHERE id NOT IN (SELECT content_id FROM code_chunks)',
  'tags of no entry': 'SELECT key FROM cache_tags WHERE key NOT IN (SELECT key FROM cache)',
  'days that cost less than their requests': `SELECT r.date FROM
      (SELECT date, project_id, model, sum(cost_nanos) AS cost, sum(tokens_in) AS tokens FROM usage_requests GROUP BY 1, 2, 3) AS r
    LEFT JOIN analytics AS a ON a.date = r.date AND a.project_id IS r.project_id AND a.model = r.model
    WHERE ifnull(a.cost_nanos, -1) < r.cost OR ifnull(a.tokens_in, -1) < r.tokens`,
};

/** Returns stored counters that differ from their rows, and statistics that do. */
export function findWrongTotals(db: Database): string[] {
  const wrong = Object.entries(COUNTERS).flatMap(([counter, sql]) =>
    column(db, sql)
      .slice(0, 5)
      .map((row) => `${counter}: ${row}`),
  );
  return [...wrong, ...wrongStatistics(db), ...wrongLineageCosts(db)];
}

function wrongStatistics(db: Database): string[] {
  const count = (what: string) => Number(column(db, `SELECT ${what}`)[0]);
  const now = Date.UTC(2026, 5, 1);
  const alive = `(expires_at IS NULL OR expires_at > '${new Date(now).toISOString()}')`;
  const memories = new MemoryRepository(db, { clock: () => now }).getStats();
  const sessions = new SessionRepository(db).getStats();
  const code = new EmbeddingRepository(db).getStats();
  const cache = new CacheRepository(db, { clock: () => now });
  const entries = cache.getStats();
  const analytics = new AnalyticsRepository(db);
  const sum = (numbers: Readonly<Record<string, number>>) =>
    Object.values(numbers).reduce((all, each) => all + each, 0);
  const pairs: readonly (readonly [name: string, told: number, stored: number])[] = [
    ['memories', memories.total, count(`count(*) FROM memories WHERE superseded_at IS NULL AND ${alive}`)],
    ['memories by type', sum(memories.byType), memories.total],
    ['memories by scope', sum(memories.byScope), memories.total],
    ['sessions', sessions.totalSessions, count('count(*) FROM sessions')],
    ['archived sessions', sessions.archivedSessions, count('count(*) FROM sessions WHERE is_archived')],
    ['messages', sessions.totalMessages, count('count(*) FROM messages')],
    ['chunks', code.totalEmbeddings, count('count(*) FROM code_chunks')],
    ['files', code.totalFiles, count('count(*) FROM (SELECT DISTINCT project_id, file_path FROM code_chunks)')],
    [
      'cache entries',
      entries.totalEntries,
      count("count(*) FROM cache WHERE expires_at IS NULL OR expires_at > '0001'"),
    ],
    ['cache bytes', cache.getSizeEstimate(), count('ifnull(sum(size), 0) FROM cache')],
    ['cost', Math.round(analytics.getTotalCost() * 1e9), count('ifnull(sum(cost_nanos), 0) FROM analytics')],
  ];
  return pairs.flatMap(([name, told, stored]) => (told === stored ? [] : [`${name}: ${told} told, ${stored} stored`]));
}

/** The cost of a session includes its descendants; the roots together cost no more than all requests. */
function wrongLineageCosts(db: Database): string[] {
  const analytics = new PersistentAnalytics({}, { db });
  const nanosOf = (id: string) => Math.round(analytics.getSessionCost(id) * 1e9);
  const own = (id: string) =>
    Number(column(db, 'SELECT ifnull(sum(cost_nanos), 0) FROM usage_requests WHERE session_id = ?', id)[0]);
  const childrenOf = (id: string) => column(db, 'SELECT id FROM sessions WHERE parent_session_id = ?', id);
  const parents = column(
    db,
    'SELECT DISTINCT parent_session_id FROM sessions WHERE parent_session_id NOT NULL LIMIT 5',
  );
  const wrong = parents.flatMap((id) => {
    const expected = childrenOf(id).reduce((cost, child) => cost + nanosOf(child), own(id));
    // The cost of a deleted session may still count for its parent.
    return nanosOf(id) < expected ? [`session ${id} costs ${nanosOf(id)}, its family ${expected}`] : [];
  });
  const roots = column(db, 'SELECT id FROM sessions WHERE parent_session_id IS NULL ORDER BY id LIMIT 20');
  const all = Number(column(db, 'SELECT ifnull(sum(cost_nanos), 0) FROM usage_requests')[0]);
  const ofRoots = roots.reduce((cost, id) => cost + nanosOf(id), 0);
  return ofRoots > all ? [...wrong, `the roots cost ${ofRoots}, all requests ${all}`] : wrong;
}

function column(db: Database, sql: string, ...parameters: string[]): string[] {
  const rows = db
    .prepare(sql)
    .raw()
    .all(...parameters);
  return rows.map((row) => (Array.isArray(row) ? String(row[0]) : ''));
}
