/** What an FTS5 table needs to know of the table whose text it indexes. */
export interface FullTextSource {
  readonly table: string;
  readonly key: string;
  readonly column: string;
}

/**
 * A full-text index over one column, kept equal to its table by triggers. The text itself stays in the table alone
 * (an external content table, https://www.sqlite.org/fts5.html section 4.4.3), so the key must be an INTEGER PRIMARY
 * KEY: VACUUM may renumber any other rowid.
 */
export function fullTextIndex({ table, key, column }: FullTextSource): string {
  const index = `${table}_fts`;
  const add = `INSERT INTO ${index}(rowid, ${column}) VALUES (new.${key}, new.${column});`;
  const remove = `INSERT INTO ${index}(${index}, rowid, ${column}) VALUES ('delete', old.${key}, old.${column});`;
  return `
CREATE VIRTUAL TABLE ${index} USING fts5(
  ${column}, content = '${table}', content_rowid = '${key}', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER ${table}_ai AFTER INSERT ON ${table} BEGIN ${add} END;
CREATE TRIGGER ${table}_ad AFTER DELETE ON ${table} BEGIN ${remove} END;
CREATE TRIGGER ${table}_au AFTER UPDATE OF ${column} ON ${table} BEGIN ${remove} ${add} END;
`;
}
