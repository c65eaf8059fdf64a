import { counter } from './columns.ts';

/**
 * What vector search derives from the vectors: a space for each model of a table, and in it blocks of 1,024 keys with
 * the codes of their rows, in parts, so that a search reads what it needs. Everything up to the position `folded` of a
 * table's log of changes is in its blocks.
 */
export const vectors = `
CREATE TABLE vector_spaces (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  model TEXT NOT NULL,
  dimensions INTEGER NOT NULL CHECK (dimensions > 0),
  format INTEGER NOT NULL,
  centre BLOB NOT NULL,
  ${counter('centre_rows')},
  UNIQUE (source, model, dimensions)
) STRICT;

CREATE TABLE vector_blocks (
  id INTEGER PRIMARY KEY,
  space_id INTEGER NOT NULL REFERENCES vector_spaces(id) ON DELETE CASCADE,
  block INTEGER NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('rows', 'sketches', 'high', 'low')),
  ${counter('row_count')},
  data BLOB NOT NULL,
  UNIQUE (space_id, block, part)
) STRICT;

CREATE TABLE vector_folds (
  source TEXT NOT NULL PRIMARY KEY,
  ${counter('folded')},
  ${counter('trimmed')}
) STRICT, WITHOUT ROWID;
INSERT INTO vector_folds (source) VALUES ('memories'), ('code_chunks'), ('cache');
`;

/**
 * Creates the log of changes to a table's vectors. Positions grow: the newest is never deleted. The random tag tells
 * histories apart that used the same positions, as after a rollback or when a backup was restored.
 */
export function vectorLog(table: string): string {
  return `CREATE TABLE ${table}_vector_changes (
  position INTEGER PRIMARY KEY,
  key INTEGER NOT NULL,
  tag INTEGER NOT NULL DEFAULT (random() & 0xffffffff)
) STRICT;`;
}

/** What triggers need to know of a table with vectors of its own. */
export interface VectorTable {
  readonly table: string;
  readonly key: string;
  /** The columns that searches ask for, besides the vector and its model. */
  readonly attributes: readonly string[];
}

/** Creates the log of changes to a table's vectors, and the triggers that write it, whoever changes the table. */
export function vectorChanges({ table, key, attributes }: VectorTable): string {
  const watched = [key, 'embedding', 'embedding_model', ...attributes];
  const log = `INSERT INTO ${table}_vector_changes (key)`;
  return `
${vectorLog(table)}
CREATE TRIGGER ${table}_vectors_ai AFTER INSERT ON ${table} WHEN new.embedding IS NOT NULL BEGIN
  ${log} VALUES (new.${key});
END;
CREATE TRIGGER ${table}_vectors_ad AFTER DELETE ON ${table} WHEN old.embedding IS NOT NULL BEGIN
  ${log} VALUES (old.${key});
END;
CREATE TRIGGER ${table}_vectors_au AFTER UPDATE OF ${watched.join(', ')} ON ${table}
WHEN (old.embedding IS NOT NULL OR new.embedding IS NOT NULL)
  AND (${watched.map((column) => `old.${column} IS NOT new.${column}`).join(' OR ')}) BEGIN
  ${log} VALUES (new.${key});
  ${log} SELECT old.${key} WHERE old.${key} <> new.${key};
END;
`;
}
