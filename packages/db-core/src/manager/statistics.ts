import { decodeJson, type JsonValue } from '../codecs/json.ts';
import type { Database } from '../connection/driver.ts';
import { readPragma } from '../connection/pragmas.ts';
import { DOMAINS } from '../domains/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import type { RowCounts } from '../table-kit/domain.ts';
import { requireArray, requireNumber, requireObject } from '../validation.ts';

/** The content and the size of a database. */
export interface DatabaseStats extends RowCounts {
  /** The schema version. */
  version: number;
  /** Bytes of all pages. */
  size: number;
  /** The names of the tables, in their order; indexes are not among them. */
  tables: string[];
}

const COUNTED = DOMAINS.flatMap(({ counted = [] }) => counted);

/** The size of one table on disk. */
export interface TableSize {
  readonly table: string;
  /** Bytes of its rows and its indexes. */
  readonly bytes: number;
}

/** Counts what a database holds. */
export function readStatistics(db: Database): DatabaseStats {
  return contextOf(db).read('database.getDatabaseStats', () => readAll(db));
}

function readAll(db: Database): DatabaseStats {
  const row = contextOf(db)
    .prepare(
      `SELECT (SELECT max(version) FROM schema_version) AS version,
       (SELECT json_group_array(name ORDER BY name) FROM pragma_table_list
        WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\') AS tables,
       ${COUNTED.map(({ name, table }) => `(SELECT count(*) FROM ${table}) AS ${name}`).join(', ')}`,
      'database.getDatabaseStats',
    )
    .one();
  return {
    version: read.number(row, 'version'),
    size: databaseBytes(db),
    tables: namesIn(decodeJson(read.text(row, 'tables'))),
    memoriesCount: read.number(row, 'memoriesCount'),
    sessionsCount: read.number(row, 'sessionsCount'),
    embeddingsCount: read.number(row, 'embeddingsCount'),
    cacheSize: read.number(row, 'cacheSize'),
  };
}

function namesIn(list: JsonValue): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

/** Measures every table with its indexes, largest first, by `dbstat`: it reads every page once. */
export function readTableSizes(db: Database): TableSize[] {
  const statement = contextOf(db).prepare(
    `SELECT ifnull(s.tbl_name, d.name) AS "table", sum(d.pgsize) AS bytes
     FROM dbstat AS d LEFT JOIN sqlite_schema AS s ON s.name = d.name
     WHERE d.aggregate = TRUE GROUP BY 1 ORDER BY bytes DESC, 1`,
    'database.getTableSizes',
  );
  return statement.all().map((row) => ({ table: read.text(row, 'table'), bytes: read.number(row, 'bytes') }));
}

/** Bytes of all pages, those in the write-ahead log included. */
export function databaseBytes(db: Database): number {
  return readPragma(db, 'page_count') * readPragma(db, 'page_size');
}

/** Writes statistics for people. */
export function formatStatistics(stats: DatabaseStats): string {
  requireObject(stats, 'stats');
  const count = (value: number) => requireNumber(value, 'stats').toLocaleString('en-US');
  return [
    'Database Statistics',
    `  Schema version: ${count(stats.version)}`,
    `  Size: ${formatBytes(stats.size)} in ${count(requireArray(stats.tables, 'stats').length)} tables`,
    ...COUNTED.map(({ name, label }) => `  ${label}: ${count(stats[name])}`),
  ].join('\n');
}

/** Writes a number of bytes with the unit that suits it: `1.5 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = requireNumber(bytes, 'bytes');
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
