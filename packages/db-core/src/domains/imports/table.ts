import type { Migrations } from '../../table-kit/migrations.ts';

/** The legacy files that were imported, so that one which has not changed since is not read again. */
export const migrations: Migrations = {
  4: `
CREATE TABLE imported_files (
  path TEXT NOT NULL PRIMARY KEY,
  size INTEGER NOT NULL,
  modified_ms REAL NOT NULL,
  entries INTEGER NOT NULL DEFAULT 0 CHECK (entries >= 0),
  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
  imported_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) CHECK (imported_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9].[0-9][0-9][0-9]Z')
) STRICT;
`,
};
