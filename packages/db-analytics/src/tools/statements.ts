import type { Database } from '@codebuddy/db-core';
import { contextOf, laterInstant } from '@codebuddy/db-core/internal';

const COLUMNS =
  'id, tool_name, project_id, success_count, failure_count, total_time_ms, avg_time_ms, cache_hits, cache_misses, last_used, updated_at';

/** Prepares the statements on tool statistics. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `analytics.${operation}`);
  return {
    add: prepare(
      'recordToolUsage',
      `INSERT INTO tool_stats (tool_name, project_id, success_count, failure_count, total_time_ms, cache_hits, cache_misses, last_used, updated_at)
       VALUES (@tool_name, @project_id, @success, @failure, @time_ms, @cache_hit, @cache_miss, @now, @now)
       ON CONFLICT (tool_name, ifnull(project_id, '')) DO UPDATE SET
         success_count = tool_stats.success_count + excluded.success_count,
         failure_count = tool_stats.failure_count + excluded.failure_count,
         total_time_ms = tool_stats.total_time_ms + excluded.total_time_ms,
         cache_hits = tool_stats.cache_hits + excluded.cache_hits,
         cache_misses = tool_stats.cache_misses + excluded.cache_misses,
         last_used = ${laterInstant('tool_stats.last_used', 'excluded.last_used')},
         updated_at = max(tool_stats.updated_at, excluded.updated_at)`,
    ),
    rows: prepare(
      'getToolStats',
      `SELECT ${COLUMNS} FROM tool_stats WHERE @projectId IS NULL OR project_id = @projectId
       ORDER BY success_count + failure_count DESC, tool_name, id`,
    ),
    top: prepare(
      'getTopTools',
      `SELECT tool_name, sum(success_count + failure_count) AS usage, sum(success_count) AS successes,
         sum(total_time_ms) AS time_ms
       FROM tool_stats GROUP BY tool_name ORDER BY usage DESC, tool_name LIMIT @limit`,
    ),
    deleteAll: prepare('resetStats', 'DELETE FROM tool_stats'),
  };
}
