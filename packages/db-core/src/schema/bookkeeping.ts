import { json, NOW, timestamp } from '../table-kit/columns.ts';

/**
 * What the database knows of itself: its version, the versions of other modules' tables, and rows of older programs
 * that broke our rules and were set aside when the file was upgraded.
 */
export const bookkeeping = `
CREATE TABLE schema_version (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL DEFAULT (${NOW})
) STRICT;

CREATE TABLE module_versions (
  module TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  ${timestamp('applied_at')},
  PRIMARY KEY (module, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE adoption_rejects (
  id INTEGER PRIMARY KEY,
  source_table TEXT NOT NULL,
  reason TEXT NOT NULL,
  ${json('row')},
  ${timestamp('rejected_at')}
) STRICT;
`;
