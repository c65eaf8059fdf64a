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
CREATE TABLE conflict_probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  replaces INTEGER NOT NULL DEFAULT 0 CHECK (replaces IN (0, 1))
) STRICT;
INSERT INTO conflict_probe (id) VALUES (1);
`,
};
