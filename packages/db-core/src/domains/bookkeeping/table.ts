import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * The database's records about itself: its version, the versions of other modules' tables, and rows of earlier releases
 * that broke our rules and were set aside when the file was upgraded.
 *
 * `conflict_probe` tells triggers whether their statement replaces rows (`INSERT OR REPLACE`, `UPDATE OR REPLACE`). SQLite deletes
 * those without running delete triggers, unless a connection asks for it, so full text, the logs of vectors and totals would keep
 * them. A trigger's own statements follow the conflict clause of the statement that fired it
 * (https://www.sqlite.org/lang_createtrigger.html). So the triggers `*_replaced_bi` and `*_replaced_bu`, which run if there is a row
 * in the way, insert the one row of this table again: it changes only if rows are replaced. Then they delete what is in the way
 * themselves. Its id is asked for as `nullif(new.id, -1)`, since SQLite shows -1 before it has given an id out.
 *
 * Version 5 refuses instants that no calendar has, and lets SQLite's own form pass (`CURRENT_TIMESTAMP`) in tables that other modules
 * write: triggers `*_instants_*` bring it to ours. A CHECK without a name can only be changed in the text of its table, as
 * https://www.sqlite.org/lang_altertable.html section 7 describes; rows that break it are set right in the same version.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE schema_version (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE TABLE module_versions (
  module TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (applied_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'),
  PRIMARY KEY (module, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE adoption_rejects (
  id INTEGER PRIMARY KEY,
  source_table TEXT NOT NULL,
  reason TEXT NOT NULL,
  row TEXT CHECK (json_valid(row)),
  rejected_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (rejected_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z')
) STRICT;
`,
  5: `
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (
  WITH RECURSIVE
    instants (position, name) AS (
      VALUES (1, 'created_at'), (2, 'updated_at'), (3, 'last_accessed'), (4, 'last_used'), (5, 'expires_at'), (6, 'stale_until'),
        (7, 'superseded_at'), (8, 'requested_at'), (9, 'indexed_at'), (10, 'imported_at'), (11, 'applied_at'), (12, 'rejected_at')
    ),
    edited (position, text) AS (
      SELECT 0, replace(sqlite_schema.sql, '(date GLOB ''[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'')', '(date IS date(date))')
      UNION ALL
      SELECT i.position, replace(text, '(' || i.name || ' GLOB ''[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z'')',
        iif(sqlite_schema.name IN ('memories', 'sessions', 'messages', 'tool_stats', 'repair_learning', 'conventions', 'checkpoints', 'cache'),
          '(' || i.name || ' IS strftime(''%Y-%m-%dT%H:%M:%fZ'', ' || i.name || ') OR ' || i.name || ' IS datetime(' || i.name || '))',
          '(' || i.name || ' IS strftime(''%Y-%m-%dT%H:%M:%fZ'', ' || i.name || '))'))
      FROM edited JOIN instants AS i ON i.position = edited.position + 1
    )
  SELECT text FROM edited ORDER BY position DESC LIMIT 1
)
WHERE type = 'table' AND name IN ('module_versions', 'adoption_rejects', 'memories', 'sessions', 'messages', 'checkpoints', 'code_chunks',
  'indexed_files', 'embedding_cache', 'analytics', 'usage_requests', 'budget_reservations', 'tool_stats', 'repair_learning',
  'conventions', 'cache', 'imported_files');
PRAGMA writable_schema = RESET;

CREATE TABLE conflict_probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  replaces INTEGER NOT NULL DEFAULT 0 CHECK (replaces IN (0, 1))
) STRICT;
INSERT INTO conflict_probe (id) VALUES (1);
`,
};
