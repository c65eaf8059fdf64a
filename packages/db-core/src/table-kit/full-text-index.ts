/** What an FTS5 table needs to know of the table whose text it indexes. */
export interface FullTextSource {
  readonly table: string;
  readonly key: string;
  /** The column with the text, beside which `identifiers` holds the parts of its compound names. */
  readonly column: string;
  /** Whether rows can be added first and indexed together later: see {@link fullTextBounds}. */
  readonly deferrable?: boolean;
}

/**
 * How far tables with a deferrable index are indexed: rows with larger keys are not yet. That is so only inside a
 * transaction that adds many rows, since indexing them together takes a third of the time that triggers take.
 */
export const fullTextBounds = `
CREATE TABLE full_text_bounds (
  source TEXT NOT NULL PRIMARY KEY,
  indexed_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** The bound of a table whose rows are all indexed as they come. */
export const INDEXED_AT_ONCE = '0x7fffffffffffffff';

/**
 * A full-text index over one column and the parts of its compound names, kept equal to its table by triggers. The text
 * itself stays in the table alone (an external content table, https://www.sqlite.org/fts5.html section 4.4.3), so the key
 * must be an INTEGER PRIMARY KEY: VACUUM may renumber any other rowid.
 */
export function fullTextIndex({ table, key, column, deferrable = false }: FullTextSource): string {
  const index = `${table}_fts`;
  const bound = `(SELECT indexed_to FROM full_text_bounds WHERE source = '${table}')`;
  const isIndexed = (row: 'new' | 'old') => (deferrable ? `WHEN ${row}.${key} <= ${bound}` : '');
  const add = `INSERT INTO ${index}(rowid, ${column}, identifiers) VALUES (new.${key}, new.${column}, new.identifiers);`;
  const remove = `INSERT INTO ${index}(${index}, rowid, ${column}, identifiers)
    VALUES ('delete', old.${key}, old.${column}, old.identifiers);`;
  return `
${deferrable ? `INSERT INTO full_text_bounds VALUES ('${table}', ${INDEXED_AT_ONCE});` : ''}
CREATE VIRTUAL TABLE ${index} USING fts5(
  ${column}, identifiers, content = '${table}', content_rowid = '${key}', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER ${table}_ai AFTER INSERT ON ${table} ${isIndexed('new')} BEGIN ${add} END;
CREATE TRIGGER ${table}_ad AFTER DELETE ON ${table} ${isIndexed('old')} BEGIN ${remove} END;
CREATE TRIGGER ${table}_au AFTER UPDATE OF ${key}, ${column}, identifiers ON ${table} ${isIndexed('old')} BEGIN
  ${remove} ${add}
END;
`;
}
