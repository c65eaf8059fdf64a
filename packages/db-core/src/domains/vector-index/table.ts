import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * The tables that vector search derives from the vectors: a space for each model of a source, and in it blocks of 1,024 keys
 * with the codes of their rows, in parts, so that a search reads no more than it needs. Everything up to the position `folded`
 * of a source's log of changes is in its blocks.
 *
 * The log of a source, `<source>_vector_changes`, is made beside its table, and triggers write it, whoever changes the table.
 * Positions grow: the newest is never deleted. The random tag tells histories apart that used the same positions, as after a
 * rollback or when a backup was restored.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE vector_spaces (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  model TEXT NOT NULL,
  dimensions INTEGER NOT NULL CHECK (dimensions > 0),
  format INTEGER NOT NULL,
  centre BLOB NOT NULL,
  centre_rows INTEGER NOT NULL DEFAULT 0 CHECK (centre_rows >= 0),
  UNIQUE (source, model, dimensions)
) STRICT;

CREATE TABLE vector_blocks (
  id INTEGER PRIMARY KEY,
  space_id INTEGER NOT NULL REFERENCES vector_spaces(id) ON DELETE CASCADE,
  block INTEGER NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('rows', 'sketches', 'high', 'low')),
  row_count INTEGER NOT NULL DEFAULT 0 CHECK (row_count >= 0),
  data BLOB NOT NULL,
  UNIQUE (space_id, block, part)
) STRICT;

CREATE TABLE vector_folds (
  source TEXT NOT NULL PRIMARY KEY,
  folded INTEGER NOT NULL DEFAULT 0 CHECK (folded >= 0),
  trimmed INTEGER NOT NULL DEFAULT 0 CHECK (trimmed >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO vector_folds (source) VALUES ('memories'), ('code_chunks'), ('cache');
`,
};
