import type { Database } from '../../connection/driver.ts';
import { contextOf } from '../../sql/connection-context.ts';
import type { PreparedStatement } from '../../sql/prepared-statement.ts';
import { quoted } from '../../sql/quoted.ts';
import * as read from '../../sql/row-readers.ts';
import { LegacyColumns } from '../../table-kit/legacy-columns.ts';
import type { TableUpgrade } from '../../table-kit/legacy-tables.ts';
import { columnNames } from './legacy-shape.ts';

const BATCH_ROWS = 2_000;

const FIRST_ROWID = -(2n ** 63n);
const LAST_ROWID = 2n ** 63n - 1n;

/** The columns by which a row of a legacy table is known, the first that it has. */
const KEYS = ['id', 'key'];

/** The statements that copy one legacy table, and the loop that runs them batch by batch, in the order of its rows. */
export class CopyPlan {
  readonly #count: PreparedStatement;
  readonly #lastOfBatch: PreparedStatement;
  readonly #copy: readonly PreparedStatement[];
  readonly #keepMerged: PreparedStatement | undefined;

  constructor(db: Database, upgrade: TableUpgrade, source: string) {
    const prepare = (sql: string) => contextOf(db).prepare(sql, `schema.upgradeLegacy ${upgrade.to}`);
    const old = new LegacyColumns(columnNames(db, source));
    const columns = upgrade.columns(old);
    const changed = upgrade.companion ? [] : old.changed();
    const rejects = upgrade.rejects?.(old) ?? {};
    const lost = upgrade.companion ? {} : unknownColumns(old, upgrade.derived ?? []);
    const taken = `(${upgrade.only?.(old) ?? 'TRUE'})`;
    const kept = [taken, ...Object.values(rejects).map((condition) => `NOT (${condition})`)].join(' AND ');
    const batch = `FROM ${source} AS legacy WHERE legacy.rowid BETWEEN @first AND @last`;
    const keep = (reason: string, row: string, rows: string) =>
      prepare(
        `INSERT INTO adoption_rejects (source_table, reason, row) SELECT '${upgrade.from}', ${text(reason)}, ${row} ${rows}`,
      );

    this.#count = prepare(`SELECT count(*) AS total FROM ${source}`);
    this.#lastOfBatch = prepare(
      `SELECT CAST(max(rowid) AS TEXT) AS last, count(*) AS rows
       FROM (SELECT rowid FROM ${source} WHERE rowid >= @first ORDER BY rowid LIMIT ${BATCH_ROWS})`,
    );
    this.#copy = [
      ...Object.entries({ ...rejects, ...lost }).map(([reason, condition]) =>
        keep(reason, rowAsJson(old.present()), `${batch} AND ${taken} AND (${condition})`),
      ),
      ...changed.map(({ column, reason, condition }) =>
        keep(reason, valueAsJson(old, column), `${batch} AND ${kept} AND ${condition}`),
      ),
      prepare(
        `INSERT INTO ${upgrade.to} (${Object.keys(columns).join(', ')})
         SELECT ${Object.values(columns).join(',\n')} ${batch} AND ${kept} ORDER BY legacy.rowid
         ${upgrade.merge ?? ''}`,
      ),
    ];
    if (upgrade.identity !== undefined) {
      const identity = upgrade.identity.map((column) => columns[column] ?? column).join(', ');
      const alike = `SELECT rowid FROM (SELECT legacy.rowid, count(*) OVER (PARTITION BY ${identity}) AS rows
        FROM ${source} AS legacy WHERE ${kept}) WHERE rows > 1`;
      this.#keepMerged = keep(
        'it was merged with others that are the same',
        rowAsJson(old.present()),
        `FROM ${source} AS legacy WHERE legacy.rowid IN (${alike}) ORDER BY legacy.rowid`,
      );
    }
  }

  /** Returns how many rows the legacy table has. */
  countRows(): number {
    return read.number(this.#count.one(), 'total');
  }

  /** Copies batch after batch, and yields how many rows have been read so far. */
  *copyInBatches(): Generator<number, void, undefined> {
    this.#keepMerged?.run();
    let done = 0;
    let first = FIRST_ROWID;
    while (first <= LAST_ROWID) {
      const batch = this.#lastOfBatch.one({ first });
      const last = read.optionalText(batch, 'last');
      if (last === undefined) return;
      for (const statement of this.#copy) statement.run({ first, last: BigInt(last) });
      done += read.number(batch, 'rows');
      first = BigInt(last) + 1n;
      yield done;
    }
  }
}

/** A column that no release wrote would be lost with the old table: rows that use one are set aside whole. */
function unknownColumns(old: LegacyColumns, derived: readonly string[]): Record<string, string> {
  const unknown = old.unread().filter((column) => !derived.includes(column));
  if (unknown.length === 0) return {};
  const used = unknown.map((column) => `legacy.${quoted(column)} IS NOT NULL`).join(' OR ');
  return { 'it has columns that this schema does not know': used };
}

/** One value of a row, with what the row is known by. */
function valueAsJson(old: LegacyColumns, column: string): string {
  const key = old.present().find((name) => KEYS.includes(name));
  const pairs = key === undefined || key === column ? [column] : [key, column];
  return rowAsJson(pairs, [`'rowid', legacy.rowid`]);
}

/** Columns of a row as a JSON object: bytes as `{"hex": "00FF"}`, everything else as it is. */
function rowAsJson(columns: readonly string[], more: readonly string[] = []): string {
  const pairs = columns.map((column) => {
    const value = `legacy.${quoted(column)}`;
    return `${text(column)}, CASE typeof(${value}) WHEN 'blob' THEN json_object('hex', hex(${value})) ELSE ${value} END`;
  });
  return `json_object(${[...more, ...pairs].join(', ')})`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
