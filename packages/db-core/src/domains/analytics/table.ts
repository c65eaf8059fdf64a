import { amount, counter, day, json, money, oneOf, optionalName, share, timestamp } from '../../table-kit/columns.ts';
import { CONVENTION_CATEGORIES, REPAIR_ERROR_TYPES } from './record.ts';

/** Costs, tool statistics and what was learned. `ifnull` makes each unique rule hold where a part is absent. */
export const analytics = `
CREATE TABLE analytics (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  ${day('date')},
  ${optionalName('project_id')},
  ${optionalName('model')},
  ${counter('tokens_in')},
  ${counter('tokens_out')},
  ${counter('cache_read_tokens')},
  ${counter('cache_write_tokens')},
  ${money('cost')},
  ${counter('requests')},
  ${counter('tool_calls')},
  ${counter('errors')},
  ${amount('avg_response_time_ms')},
  ${share('cache_hit_rate', 0)},
  ${counter('session_count')}
) STRICT;
CREATE UNIQUE INDEX analytics_identity ON analytics(date, ifnull(project_id, ''), ifnull(model, ''));

CREATE TABLE usage_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL UNIQUE CHECK (request_id <> ''),
  ${timestamp('requested_at')},
  ${day('date')},
  ${optionalName('session_id')},
  ${optionalName('project_id')},
  model TEXT NOT NULL CHECK (model <> ''),
  ${counter('tokens_in')},
  ${counter('tokens_out')},
  ${counter('cache_read_tokens')},
  ${counter('cache_write_tokens')},
  ${money('cost')},
  ${json('price')}
) STRICT;
CREATE INDEX usage_requests_session ON usage_requests(session_id) WHERE session_id IS NOT NULL;
CREATE INDEX usage_requests_date ON usage_requests(date);

CREATE TABLE budget_reservations (
  id TEXT NOT NULL PRIMARY KEY,
  ${optionalName('session_id')},
  ${day('date')},
  ${counter('amount_nanos')},
  ${timestamp('expires_at')}
) STRICT;

CREATE TABLE budget_alerts (
  period TEXT NOT NULL,
  threshold TEXT NOT NULL CHECK (threshold IN ('warning', 'exceeded')),
  ${counter('limit_nanos')},
  PRIMARY KEY (period, threshold, limit_nanos)
) STRICT, WITHOUT ROWID;

CREATE TABLE imported_costs (
  key TEXT NOT NULL PRIMARY KEY,
  ${counter('cost_nanos')},
  ${counter('tokens_in')},
  ${counter('tokens_out')}
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_stats (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tool_name TEXT NOT NULL CHECK (tool_name <> ''),
  ${optionalName('project_id')},
  ${counter('success_count')},
  ${counter('failure_count')},
  ${amount('total_time_ms')},
  avg_time_ms REAL GENERATED ALWAYS AS (
    CASE WHEN success_count + failure_count > 0 THEN total_time_ms / (success_count + failure_count) ELSE 0.0 END
  ) STORED,
  ${counter('cache_hits')},
  ${counter('cache_misses')},
  ${timestamp('last_used')},
  ${timestamp('updated_at')}
) STRICT;
CREATE UNIQUE INDEX tool_stats_identity ON tool_stats(tool_name, ifnull(project_id, ''));

CREATE TABLE repair_learning (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  error_pattern TEXT NOT NULL CHECK (error_pattern <> ''),
  ${oneOf('error_type', REPAIR_ERROR_TYPES)},
  strategy TEXT NOT NULL CHECK (strategy <> ''),
  ${optionalName('context_hash')},
  language TEXT,
  framework TEXT,
  ${counter('success_count')},
  ${counter('failure_count')},
  success_rate REAL GENERATED ALWAYS AS (
    CASE WHEN success_count + failure_count > 0
      THEN CAST(success_count AS REAL) / (success_count + failure_count) ELSE 0.0 END
  ) STORED,
  avg_attempts REAL NOT NULL DEFAULT 1 CHECK (avg_attempts >= 0),
  ${timestamp('last_used')},
  ${timestamp('created_at')},
  ${json('examples')}
) STRICT;
CREATE UNIQUE INDEX repair_learning_identity ON repair_learning(error_pattern, strategy, ifnull(context_hash, ''));

CREATE TABLE conventions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL CHECK (project_id <> ''),
  ${oneOf('category', CONVENTION_CATEGORIES)},
  pattern TEXT NOT NULL CHECK (pattern <> ''),
  description TEXT,
  ${share('confidence', 0.5)},
  occurrences INTEGER NOT NULL DEFAULT 1 CHECK (occurrences >= 0),
  ${json('examples')},
  ${timestamp('created_at')},
  ${timestamp('updated_at')},
  UNIQUE (project_id, category, pattern)
) STRICT;
`;
