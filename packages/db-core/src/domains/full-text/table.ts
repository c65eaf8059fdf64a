import type { Migrations } from '../../table-kit/migrations.ts';

/**
 * The tables that full-text indexes share. An index, `<table>_fts`, covers one column of its table and the parts of the
 * column's compound names; triggers keep it equal to the table. The text itself stays in the table alone (an external
 * content table, https://www.sqlite.org/fts5.html section 4.4.3), so the key must be an INTEGER PRIMARY KEY: VACUUM may
 * renumber any other rowid.
 *
 * `full_text_bounds` says how far a table is indexed whose rows may be added first and indexed together later, since
 * that takes a third of the time that triggers take: rows with larger keys are not indexed yet. That is so only inside
 * a transaction that adds many rows; at all other times the bound is 0x7fffffffffffffff.
 */
export const migrations: Migrations = {
  4: `
CREATE TABLE full_text_bounds (
  source TEXT NOT NULL PRIMARY KEY,
  indexed_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
