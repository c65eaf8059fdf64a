import type { Database } from '../../connection/driver.ts';
import { contextOf } from '../../sql/connection-context.ts';
import type { PreparedStatement } from '../../sql/prepared-statement.ts';
import * as read from '../../sql/row-readers.ts';
import { LegacyColumns } from '../../table-kit/legacy-columns.ts';
import type { TableUpgrade } from '../../table-kit/legacy-tables.ts';
import { columnNames } from './legacy-shape.ts';

const BATCH_ROWS = 2_000;

/** The statements that copy one legacy table, and the loop that runs them batch by batch, in the order of its rows. */
export class CopyPlan {
  readonly #count: PreparedStatement;
  readonly #lastOfBatch: PreparedStatement;
  readonly #copy: readonly PreparedStatement[];

  constructor(db: Database, upgrade: TableUpgrade, source: string) {
    const prepare = (sql: string) => contextOf(db).prepare(sql, `schema.upgradeLegacy ${upgrade.to}`);
    const old = new LegacyColumns(columnNames(db, source));
    const columns = upgrade.columns(old);
    const only = upgrade.only?.(old) ?? 'TRUE';
    const rejects = upgrade.rejects?.(old) ?? {};
    const lost = { ...upgrade.remarks?.(old), ...unknownColumns(old, upgrade.derived ?? []) };
    const batch = `FROM ${source} AS legacy WHERE legacy.rowid > @after AND legacy.rowid <= @last AND (${only})`;
    const kept = Object.values(rejects).map((condition) => `AND NOT (${condition})`);

    this.#count = prepare(`SELECT count(*) AS total FROM ${source}`);
    this.#lastOfBatch = prepare(
      `SELECT max(rowid) AS last, count(*) AS rows
       FROM (SELECT rowid FROM ${source} WHERE rowid > @after ORDER BY rowid LIMIT ${BATCH_ROWS})`,
    );
    this.#copy = [
      ...Object.entries({ ...rejects, ...lost }).map(([reason, condition]) =>
        prepare(
          `INSERT INTO adoption_rejects (source_table, reason, row)
           SELECT '${upgrade.from}', '${reason}', ${rowAsJson(old)} ${batch} AND (${condition})`,
        ),
      ),
      prepare(
        `INSERT INTO ${upgrade.to} (${Object.keys(columns).join(', ')})
         SELECT ${Object.values(columns).join(',\n')} ${batch} ${kept.join(' ')} ORDER BY legacy.rowid
         ${upgrade.merge ?? ''}`,
      ),
    ];
  }

  /** Returns how many rows the legacy table has. */
  countRows(): number {
    return read.number(this.#count.one(), 'total');
  }

  /** Copies batch after batch, and yields how many rows have been read so far. */
  *copyInBatches(): Generator<number, void, undefined> {
    let done = 0;
    let after = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const batch = this.#lastOfBatch.one({ after });
      const last = read.optionalNumber(batch, 'last');
      if (last === undefined) return;
      for (const statement of this.#copy) statement.run({ after, last });
      done += read.number(batch, 'rows');
      after = last;
      yield done;
    }
  }
}

/** A column that no release wrote would be lost with the old table: rows that use one are set aside whole. */
function unknownColumns(old: LegacyColumns, derived: readonly string[]): Record<string, string> {
  const unknown = old.unread().filter((column) => !derived.includes(column));
  if (unknown.length === 0) return {};
  const used = unknown.map((column) => `legacy.${quote(column)} IS NOT NULL`).join(' OR ');
  return { 'it has columns that this schema does not know': used };
}

function rowAsJson(old: LegacyColumns): string {
  const pairs = old.present().map((column) => {
    const value = `legacy.${quote(column)}`;
    return `'${column.replaceAll("'", "''")}', CASE typeof(${value}) WHEN 'blob' THEN hex(${value}) ELSE ${value} END`;
  });
  return `json_object(${pairs.join(', ')})`;
}

function quote(column: string): string {
  return `"${column.replaceAll('"', '""')}"`;
}
