import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * The database's records about itself: its version, the versions of other modules' tables, and rows of earlier releases
 * that broke our rules and were set aside when the file was upgraded.
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
};
