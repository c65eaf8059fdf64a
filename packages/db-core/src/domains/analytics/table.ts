import type { Migrations } from '../../table-kit/migrations.ts';

/** Costs, tool statistics and what was learned. `ifnull` makes each unique rule hold if a part is absent. */
export const migrations: Migrations = {
  4: `
CREATE TABLE analytics (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  date TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  project_id TEXT CHECK (project_id <> ''),
  model TEXT CHECK (model <> ''),
  tokens_in INTEGER NOT NULL DEFAULT 0 CHECK (tokens_in >= 0),
  tokens_out INTEGER NOT NULL DEFAULT 0 CHECK (tokens_out >= 0),
  cache_read_tokens INTEGER NOT NULL DEFAULT 0 CHECK (cache_read_tokens >= 0),
  cache_write_tokens INTEGER NOT NULL DEFAULT 0 CHECK (cache_write_tokens >= 0),
  cost_nanos INTEGER NOT NULL DEFAULT 0 CHECK (cost_nanos >= 0),
  cost REAL GENERATED ALWAYS AS (cost_nanos / 1e9) STORED,
  requests INTEGER NOT NULL DEFAULT 0 CHECK (requests >= 0),
  tool_calls INTEGER NOT NULL DEFAULT 0 CHECK (tool_calls >= 0),
  errors INTEGER NOT NULL DEFAULT 0 CHECK (errors >= 0),
  avg_response_time_ms REAL NOT NULL DEFAULT 0 CHECK (avg_response_time_ms >= 0),
  cache_hit_rate REAL NOT NULL DEFAULT 0 CHECK (cache_hit_rate BETWEEN 0 AND 1),
  session_count INTEGER NOT NULL DEFAULT 0 CHECK (session_count >= 0)
) STRICT;
CREATE UNIQUE INDEX analytics_identity ON analytics(date, ifnull(project_id, ''), ifnull(model, ''));

CREATE TABLE usage_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  request_id TEXT NOT NULL UNIQUE CHECK (request_id <> ''),
  requested_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (requested_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  date TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  session_id TEXT CHECK (session_id <> ''),
  project_id TEXT CHECK (project_id <> ''),
  model TEXT NOT NULL CHECK (model <> ''),
  tokens_in INTEGER NOT NULL DEFAULT 0 CHECK (tokens_in >= 0),
  tokens_out INTEGER NOT NULL DEFAULT 0 CHECK (tokens_out >= 0),
  cache_read_tokens INTEGER NOT NULL DEFAULT 0 CHECK (cache_read_tokens >= 0),
  cache_write_tokens INTEGER NOT NULL DEFAULT 0 CHECK (cache_write_tokens >= 0),
  cost_nanos INTEGER NOT NULL DEFAULT 0 CHECK (cost_nanos >= 0),
  cost REAL GENERATED ALWAYS AS (cost_nanos / 1e9) STORED,
  price TEXT CHECK (json_valid(price))
) STRICT;
CREATE INDEX usage_requests_session ON usage_requests(session_id) WHERE session_id IS NOT NULL;
CREATE INDEX usage_requests_date ON usage_requests(date);

CREATE TABLE budget_reservations (
  id TEXT NOT NULL PRIMARY KEY,
  session_id TEXT CHECK (session_id <> ''),
  date TEXT NOT NULL CHECK (date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  amount_nanos INTEGER NOT NULL DEFAULT 0 CHECK (amount_nanos >= 0),
  expires_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (expires_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z')
) STRICT;

CREATE TABLE budget_alerts (
  period TEXT NOT NULL,
  threshold TEXT NOT NULL CHECK (threshold IN ('warning', 'exceeded')),
  limit_nanos INTEGER NOT NULL DEFAULT 0 CHECK (limit_nanos >= 0),
  PRIMARY KEY (period, threshold, limit_nanos)
) STRICT, WITHOUT ROWID;

CREATE TABLE imported_costs (
  key TEXT NOT NULL PRIMARY KEY,
  cost_nanos INTEGER NOT NULL DEFAULT 0 CHECK (cost_nanos >= 0),
  tokens_in INTEGER NOT NULL DEFAULT 0 CHECK (tokens_in >= 0),
  tokens_out INTEGER NOT NULL DEFAULT 0 CHECK (tokens_out >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_stats (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  tool_name TEXT NOT NULL CHECK (tool_name <> ''),
  project_id TEXT CHECK (project_id <> ''),
  success_count INTEGER NOT NULL DEFAULT 0 CHECK (success_count >= 0),
  failure_count INTEGER NOT NULL DEFAULT 0 CHECK (failure_count >= 0),
  total_time_ms REAL NOT NULL DEFAULT 0 CHECK (total_time_ms >= 0),
  avg_time_ms REAL GENERATED ALWAYS AS (
    CASE WHEN success_count + failure_count > 0 THEN total_time_ms / (success_count + failure_count) ELSE 0.0 END
  ) STORED,
  cache_hits INTEGER NOT NULL DEFAULT 0 CHECK (cache_hits >= 0),
  cache_misses INTEGER NOT NULL DEFAULT 0 CHECK (cache_misses >= 0),
  last_used TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (last_used GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z')
) STRICT;
CREATE UNIQUE INDEX tool_stats_identity ON tool_stats(tool_name, ifnull(project_id, ''));

CREATE TABLE repair_learning (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  error_pattern TEXT NOT NULL CHECK (error_pattern <> ''),
  error_type TEXT NOT NULL CHECK (error_type IN ('compile', 'runtime', 'test', 'lint', 'type')),
  strategy TEXT NOT NULL CHECK (strategy <> ''),
  context_hash TEXT CHECK (context_hash <> ''),
  language TEXT,
  framework TEXT,
  success_count INTEGER NOT NULL DEFAULT 0 CHECK (success_count >= 0),
  failure_count INTEGER NOT NULL DEFAULT 0 CHECK (failure_count >= 0),
  success_rate REAL GENERATED ALWAYS AS (
    CASE WHEN success_count + failure_count > 0
      THEN CAST(success_count AS REAL) / (success_count + failure_count) ELSE 0.0 END
  ) STORED,
  avg_attempts REAL NOT NULL DEFAULT 1 CHECK (avg_attempts >= 0),
  last_used TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (last_used GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  examples TEXT CHECK (json_valid(examples))
) STRICT;
CREATE UNIQUE INDEX repair_learning_identity ON repair_learning(error_pattern, strategy, ifnull(context_hash, ''));

CREATE TABLE conventions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL CHECK (project_id <> ''),
  category TEXT NOT NULL CHECK (category IN ('naming', 'structure', 'style', 'testing', 'docs')),
  pattern TEXT NOT NULL CHECK (pattern <> ''),
  description TEXT,
  confidence REAL NOT NULL DEFAULT 0.5 CHECK (confidence BETWEEN 0 AND 1),
  occurrences INTEGER NOT NULL DEFAULT 1 CHECK (occurrences >= 0),
  examples TEXT CHECK (json_valid(examples)),
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (created_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (updated_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  UNIQUE (project_id, category, pattern)
) STRICT;
`,
  5: `
CREATE UNIQUE INDEX analytics_day ON analytics(date, project_id, model);
CREATE UNIQUE INDEX tool_stats_tool ON tool_stats(tool_name, project_id);
CREATE UNIQUE INDEX repair_learning_strategy ON repair_learning(error_pattern, strategy, context_hash);

INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'tool_stats', 'no calendar has one of its instants', json_object('id', id, 'last_used', last_used, 'updated_at', updated_at) FROM tool_stats WHERE NOT (last_used IS strftime('%Y-%m-%dT%H:%M:%fZ', last_used) AND updated_at IS strftime('%Y-%m-%dT%H:%M:%fZ', updated_at));
UPDATE tool_stats SET
    last_used = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', last_used), substr(last_used, 1, 4) || '-12-31T23:59:59.999Z'),
    updated_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at), substr(updated_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (last_used IS strftime('%Y-%m-%dT%H:%M:%fZ', last_used) AND updated_at IS strftime('%Y-%m-%dT%H:%M:%fZ', updated_at));
CREATE TRIGGER tool_stats_instants_ai AFTER INSERT ON tool_stats WHEN NOT (new.last_used GLOB '*Z' AND new.updated_at GLOB '*Z') BEGIN
  UPDATE tool_stats SET
      last_used = strftime('%Y-%m-%dT%H:%M:%fZ', last_used),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', updated_at)
    WHERE id = new.id;
END;
CREATE TRIGGER tool_stats_instants_au AFTER UPDATE OF last_used, updated_at ON tool_stats WHEN NOT (new.last_used GLOB '*Z' AND new.updated_at GLOB '*Z') BEGIN
  UPDATE tool_stats SET
      last_used = strftime('%Y-%m-%dT%H:%M:%fZ', last_used),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', updated_at)
    WHERE id = new.id;
END;

INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'repair_learning', 'no calendar has one of its instants', json_object('id', id, 'last_used', last_used, 'created_at', created_at) FROM repair_learning WHERE NOT (last_used IS strftime('%Y-%m-%dT%H:%M:%fZ', last_used) AND created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at));
UPDATE repair_learning SET
    last_used = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', last_used), substr(last_used, 1, 4) || '-12-31T23:59:59.999Z'),
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (last_used IS strftime('%Y-%m-%dT%H:%M:%fZ', last_used) AND created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at));
CREATE TRIGGER repair_learning_instants_ai AFTER INSERT ON repair_learning WHEN NOT (new.last_used GLOB '*Z' AND new.created_at GLOB '*Z') BEGIN
  UPDATE repair_learning SET
      last_used = strftime('%Y-%m-%dT%H:%M:%fZ', last_used),
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at)
    WHERE id = new.id;
END;
CREATE TRIGGER repair_learning_instants_au AFTER UPDATE OF last_used, created_at ON repair_learning WHEN NOT (new.last_used GLOB '*Z' AND new.created_at GLOB '*Z') BEGIN
  UPDATE repair_learning SET
      last_used = strftime('%Y-%m-%dT%H:%M:%fZ', last_used),
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at)
    WHERE id = new.id;
END;

INSERT INTO adoption_rejects (source_table, reason, row)
  SELECT 'conventions', 'no calendar has one of its instants', json_object('id', id, 'created_at', created_at, 'updated_at', updated_at) FROM conventions WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND updated_at IS strftime('%Y-%m-%dT%H:%M:%fZ', updated_at));
UPDATE conventions SET
    created_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', created_at), substr(created_at, 1, 4) || '-12-31T23:59:59.999Z'),
    updated_at = coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', updated_at), substr(updated_at, 1, 4) || '-12-31T23:59:59.999Z')
  WHERE NOT (created_at IS strftime('%Y-%m-%dT%H:%M:%fZ', created_at) AND updated_at IS strftime('%Y-%m-%dT%H:%M:%fZ', updated_at));
CREATE TRIGGER conventions_instants_ai AFTER INSERT ON conventions WHEN NOT (new.created_at GLOB '*Z' AND new.updated_at GLOB '*Z') BEGIN
  UPDATE conventions SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', updated_at)
    WHERE id = new.id;
END;
CREATE TRIGGER conventions_instants_au AFTER UPDATE OF created_at, updated_at ON conventions WHEN NOT (new.created_at GLOB '*Z' AND new.updated_at GLOB '*Z') BEGIN
  UPDATE conventions SET
      created_at = strftime('%Y-%m-%dT%H:%M:%fZ', created_at),
      updated_at = strftime('%Y-%m-%dT%H:%M:%fZ', updated_at)
    WHERE id = new.id;
END;
`,
};
