import type { Database, DriverStatement, SqlValue } from '../connection/driver.ts';
import { quoted } from '../sql/quoted.ts';
import type { StoredRow } from './file-format/tree-reader.ts';
import type { StoredColumn, StoredSchema } from './stored-schema.ts';

/** Inserts the rows of one table as they were read from its pages. */
export class TableCopier {
  recovered = 0;
  /** Rows that break a rule of the table. */
  refused = 0;
  readonly #db: Database;
  readonly #table: string;
  readonly #columns: readonly StoredColumn[];
  /** A row from before a column was added has fewer values: by their number. */
  readonly #inserts = new Map<number, DriverStatement>();

  constructor(db: Database, { name, columns }: StoredSchema['tables'][number]) {
    this.#db = db;
    this.#table = name;
    this.#columns = columns;
  }

  /** Inserts a row. */
  insert({ rowid, values }: StoredRow): void {
    const given: SqlValue[] = [];
    for (const [index, { isRowid, isGenerated }] of this.#columns.slice(0, values.length).entries()) {
      const value = values[index] ?? null;
      if (!isGenerated) given.push(isRowid && rowid !== undefined ? rowid : value);
    }
    if (this.#statement(values.length).run(...given).changes > 0) this.recovered++;
    else this.refused++;
  }

  #statement(values: number): DriverStatement {
    const held = this.#inserts.get(values);
    if (held !== undefined) return held;
    const names = this.#columns.slice(0, values).filter(({ isGenerated }) => !isGenerated);
    const insert = this.#db.prepare(
      `INSERT OR IGNORE INTO ${quoted(this.#table)} (${names.map(({ name }) => quoted(name)).join(', ')})
       VALUES (${names.map(() => '?').join(', ')})`,
    );
    this.#inserts.set(values, insert);
    return insert;
  }
}
