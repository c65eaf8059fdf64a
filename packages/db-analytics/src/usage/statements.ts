import type { Database } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';

/**
 * A session with all that descend from it, or, from its root, its whole family: sub-agents and forks spend on their parent's
 * account, also after sessions between them are deleted.
 */
const FAMILY = `WITH RECURSIVE
  line(id) AS (
    SELECT @sessionId
    UNION SELECT l.parent_session_id FROM session_lineage AS l JOIN line ON l.session_id = line.id WHERE @fromRoot
  ),
  family(id) AS (
    SELECT id FROM line
    UNION SELECT l.session_id FROM session_lineage AS l JOIN family ON l.parent_session_id = family.id
  )`;

/** Prepares the statements on requests and on what is reserved for those to come. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `analytics.${operation}`);
  return {
    insert: prepare(
      'record',
      `INSERT INTO usage_requests (request_id, requested_at, date, session_id, project_id, model, tokens_in, tokens_out,
         cache_read_tokens, cache_write_tokens, cost_nanos, price)
       VALUES (@request_id, @requested_at, @date, @session_id, @project_id, @model, @tokens_in, @tokens_out,
         @cache_read_tokens, @cache_write_tokens, @cost_nanos, @price)
       ON CONFLICT (request_id) DO NOTHING`,
    ),
    spentBySession: prepare(
      'getSessionCost',
      `${FAMILY} SELECT ifnull(sum(cost_nanos), 0) AS nanos FROM usage_requests WHERE session_id IN (SELECT id FROM family)`,
    ),
    spentSince: prepare(
      'getBudgetStatus',
      'SELECT ifnull(sum(cost_nanos), 0) AS nanos FROM analytics WHERE date >= @date',
    ),
    deleteBefore: prepare('cleanup', 'DELETE FROM usage_requests WHERE date < @date'),
    // Who descends from whom is of no use once neither a session nor a cost is left that it would tell of.
    deleteLineage: prepare(
      'cleanup',
      `DELETE FROM session_lineage WHERE session_id NOT IN (SELECT id FROM sessions)
         AND session_id NOT IN (SELECT session_id FROM usage_requests WHERE session_id IS NOT NULL)
         AND session_id NOT IN (SELECT parent_session_id FROM session_lineage)`,
    ),
    deleteAll: prepare('resetStats', 'DELETE FROM usage_requests'),

    reserve: prepare(
      'reserve',
      `INSERT INTO budget_reservations (id, session_id, date, amount_nanos, expires_at)
       VALUES (@id, @session_id, @date, @amount_nanos, @expires_at)`,
    ),
    release: prepare('settle', 'DELETE FROM budget_reservations WHERE id = @id'),
    releaseExpired: prepare('reserve', 'DELETE FROM budget_reservations WHERE expires_at <= @now'),
    reservedSince: prepare(
      'reserve',
      'SELECT ifnull(sum(amount_nanos), 0) AS nanos FROM budget_reservations WHERE date >= @date AND expires_at > @now',
    ),
    reservedBySession: prepare(
      'reserve',
      `${FAMILY} SELECT ifnull(sum(amount_nanos), 0) AS nanos FROM budget_reservations
       WHERE session_id IN (SELECT id FROM family) AND expires_at > @now`,
    ),
    alert: prepare(
      'record',
      `INSERT INTO budget_alerts (period, threshold, limit_nanos) VALUES (@period, @threshold, @limit_nanos)
       ON CONFLICT DO NOTHING`,
    ),
  };
}
