import type { AnalyticsFilter, Database } from '@codebuddy/db-core';
import { contextOf, Filter, type Given } from '@codebuddy/db-core/internal';

/** The columns of a day's row that add up. */
export const SUMMED = [
  'tokens_in',
  'tokens_out',
  'cache_read_tokens',
  'cache_write_tokens',
  'cost_nanos',
  'requests',
  'tool_calls',
  'errors',
  'session_count',
] as const;

/** The columns of a day's row that are averages, weighed by requests. */
export const AVERAGED = ['avg_response_time_ms', 'cache_hit_rate'] as const;

const WRITTEN = ['date', 'project_id', 'model', ...SUMMED, ...AVERAGED];
const READ = ['id', 'date', 'project_id', 'model', 'cost', ...SUMMED, ...AVERAGED].join(', ');

const weighed = (column: string) => `${column} = CASE WHEN analytics.requests + excluded.requests > 0
  THEN (analytics.${column} * analytics.requests + excluded.${column} * excluded.requests)
    / (analytics.requests + excluded.requests)
  ELSE max(analytics.${column}, excluded.${column}) END`;

/** Prepares the fixed statements on daily analytics. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `analytics.${operation}`);
  return {
    add: prepare(
      'recordAnalytics',
      `INSERT INTO analytics (${WRITTEN.join(', ')}) VALUES (${WRITTEN.map((column) => `@${column}`).join(', ')})
       ON CONFLICT (date, ifnull(project_id, ''), ifnull(model, '')) DO UPDATE SET
         ${AVERAGED.map(weighed).join(', ')},
         ${SUMMED.map((column) => `${column} = analytics.${column} + excluded.${column}`).join(', ')}`,
    ),
    countBefore: prepare('deleteOldAnalytics', 'SELECT count(*) AS days FROM analytics WHERE date < @date'),
    deleteBefore: prepare('deleteOldAnalytics', 'DELETE FROM analytics WHERE date < @date'),
    deleteAll: prepare('resetStats', 'DELETE FROM analytics'),
    readImported: prepare(
      'importCosts',
      'SELECT cost_nanos, tokens_in, tokens_out FROM imported_costs WHERE key = @key',
    ),
    writeImported: prepare(
      'importCosts',
      `INSERT INTO imported_costs (key, cost_nanos, tokens_in, tokens_out)
       VALUES (@key, @cost_nanos, @tokens_in, @tokens_out)
       ON CONFLICT (key) DO UPDATE SET cost_nanos = excluded.cost_nanos, tokens_in = excluded.tokens_in,
         tokens_out = excluded.tokens_out`,
    ),
  };
}

/** Prepares the queries on daily analytics, whose conditions depend on the filter. */
export function prepareQueries(db: Database) {
  const statements = contextOf(db).dynamicStatements;
  const query = (operation: string, columns: string, rest: string) => (filter: Given<AnalyticsFilter>) => {
    const where = new Filter()
      .atLeast('date', filter.startDate)
      .atMost('date', filter.endDate)
      .ofProject('project_id', filter.projectId)
      .equals('model', filter.model);
    const sql = `SELECT ${columns} FROM analytics ${where.clause()} ${rest}`;
    return statements.prepare(sql, `analytics.${operation}`).all(where.parameters());
  };
  const sums = SUMMED.map((column) => `ifnull(sum(${column}), 0) AS ${column}`).join(', ');
  const averages = AVERAGED.map(
    (column) => `ifnull(sum(${column} * requests) / nullif(sum(requests), 0), 0) AS ${column}`,
  ).join(', ');
  return {
    rows: query('getAnalytics', READ, "ORDER BY date DESC, ifnull(project_id, ''), ifnull(model, '')"),
    byDay: query('getDailySummary', `date, ${sums}, ${averages}`, 'GROUP BY date ORDER BY date DESC'),
    byModel: query(
      'getSummary',
      `ifnull(model, 'unknown') AS model, ${sums}`,
      'GROUP BY 1 ORDER BY cost_nanos DESC, 1',
    ),
    total: query('getTotalCost', `${sums}, ${averages}`, ''),
  };
}
