import type { Database } from '../connection/driver.ts';
import { toDatabaseError } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';
import { quoted } from '../sql/quoted.ts';

/** Rows read at once if nothing is wrong. */
const PAGE = 200;

/** Places that are tried behind a damaged one, the distance doubling each time. */
const MAX_TRIES = 64;

const FIRST_ROWID = -(2n ** 63n);
const LAST_ROWID = 2n ** 63n - 1n;

/** A row as the driver's raw mode gives it: its rowid, then its columns. Integers are bigint, so that none is rounded. */
export type RawRow = readonly unknown[];

/** The outcome of reading a damaged table. */
export interface ReadOutcome {
  /** The number of reads that failed. */
  readonly failures: number;
  /** SQLite's message at the first failure. */
  readonly reason?: string;
}

/**
 * Reads the rows of a table that may be damaged: forward to what can't be read, on behind it, and at last backward from
 * the end, so that a row is lost only where its own page is.
 */
export function readDamagedTable(
  db: Database,
  table: string,
  columns: readonly string[],
  take: (row: RawRow) => void,
): ReadOutcome {
  const list = columns.map(quoted).join(', ');
  const read = (operator: '>' | '<', order: 'ASC' | 'DESC') =>
    db
      .prepare(`SELECT rowid, ${list} FROM ${quoted(table)} WHERE rowid ${operator} ? ORDER BY rowid ${order} LIMIT ?`)
      .raw()
      .safeIntegers();
  const forward = read('>', 'ASC');
  const backward = read('<', 'DESC');
  let failures = 0;
  let reason: string | undefined;
  const some = (statement: typeof forward, from: bigint, limit: number): readonly RawRow[] | undefined => {
    try {
      return statement.all(from, limit).filter(Array.isArray);
    } catch (error) {
      failures++;
      reason ??= reasonOf(error);
      return undefined;
    }
  };

  let last = FIRST_ROWID;
  let tries = 0;
  while (tries < MAX_TRIES) {
    const rows = some(forward, last, PAGE) ?? some(forward, last, 1);
    if (rows === undefined) {
      // Behind the smallest rowid there are few to skip; before it, all.
      last = last === FIRST_ROWID ? 0n : last + 2n ** BigInt(tries);
      if (last > LAST_ROWID) break;
      tries++;
      continue;
    }
    if (rows.length === 0) return outcome(failures, reason);
    for (const row of rows) take(row);
    last = rowidOf(rows.at(-1), last);
    tries = 0;
  }
  let first = LAST_ROWID;
  for (;;) {
    const rows = some(backward, first, 1);
    const [row] = rows ?? [];
    if (row === undefined) return outcome(failures, reason);
    take(row);
    first = rowidOf(row, first);
  }
}

/** Reads the rows of a damaged table that has no rowid: as far as they can be read from its start. */
export function readWithoutRowid(
  db: Database,
  table: string,
  columns: readonly string[],
  take: (row: RawRow) => void,
): ReadOutcome {
  const statement = db
    .prepare(`SELECT NULL, ${columns.map(quoted).join(', ')} FROM ${quoted(table)}`)
    .raw()
    .safeIntegers();
  try {
    for (const row of statement.iterate()) if (Array.isArray(row)) take(row);
    return { failures: 0 };
  } catch (error) {
    return { failures: 1, reason: reasonOf(error) };
  }
}

function rowidOf(row: RawRow | undefined, otherwise: bigint): bigint {
  const rowid = row?.[0];
  return typeof rowid === 'bigint' ? rowid : otherwise;
}

function outcome(failures: number, reason: string | undefined): ReadOutcome {
  return reason === undefined ? { failures } : { failures, reason };
}

function reasonOf(error: unknown): string {
  const typed = toDatabaseError(error, 'recovery.read');
  if (isError(typed)) return typed.message;
  throw error;
}
