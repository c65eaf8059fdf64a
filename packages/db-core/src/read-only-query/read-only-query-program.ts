// The program that runs one read-only query: started by read-only-query.ts, in a process or in a thread, and stopped by it.
import { createRequire } from 'node:module';
import { types } from 'node:util';
import type { Database, DriverStatement, SqlValue } from '../connection/driver.ts';
import { isError } from '../errors/is-error.ts';
import { withoutValues } from '../errors/sqlite-message.ts';
import { listen, say } from '../isolation/channel.ts';
import { isBindable } from '../sql/prepared-statement.ts';

/** The request to the program. */
export interface ReadOnlyQueryRequest {
  /** The path of the database, or its bytes if it is in memory. */
  readonly database: string | Uint8Array;
  /** The file of the driver. */
  readonly driver: string;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, SqlValue>>;
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Whether whoever asks can stop a query that never ends. */
  readonly canBeStopped: boolean;
}

/** The answer of the program. */
export type ReadOnlyQueryAnswer =
  | {
      readonly kind: 'result';
      readonly columns: string[];
      readonly rows: SqlValue[][];
      readonly truncated: boolean;
    }
  | { readonly kind: 'rejected' | 'failed'; readonly reason: string };

listen((request: ReadOnlyQueryRequest) => say(answerRequest(request)));

function answerRequest(request: ReadOnlyQueryRequest): ReadOnlyQueryAnswer {
  const { database, driver } = request;
  try {
    const Connection: typeof import('better-sqlite3').default = createRequire(driver)(driver);
    const db = new Connection(typeof database === 'string' ? database : Buffer.from(database), { readonly: true });
    db.pragma('query_only = ON');
    db.pragma('trusted_schema = OFF');
    return query(db, request);
  } catch (error) {
    // Once a query runs, only full text misses a column, and quotes it from what was searched for.
    return { kind: 'failed', reason: messageOf(error).replace(/^no such column: .*/, 'no such column of full text') };
  }
}

function query(db: Database, request: ReadOnlyQueryRequest): ReadOnlyQueryAnswer {
  if (!/^\s*(?:SELECT|WITH|VALUES|EXPLAIN)\b/i.test(withoutComments(request.sql)))
    return { kind: 'rejected', reason: 'it does not start with SELECT, WITH, VALUES or EXPLAIN' };
  let statement: DriverStatement;
  try {
    statement = db.prepare(request.sql);
  } catch (error) {
    return { kind: 'rejected', reason: messageOf(error) };
  }
  if (!statement.reader || !statement.readonly) return { kind: 'rejected', reason: 'it does more than read' };
  if (!request.canBeStopped && isRecursive(db, request))
    return { kind: 'rejected', reason: 'it is recursive, and where no process can be started it could not be stopped' };
  const columns = statement.columns().map((column) => column.name);
  const rows: SqlValue[][] = [];
  let bytes = 0;
  // As numbers, integers above 2 ** 53 would be rounded.
  for (const exact of statement.raw(true).safeIntegers(true).iterate(request.parameters)) {
    if (!isRowOfValues(exact)) continue;
    const row = exact.map(toNumberIfExact);
    bytes += row.reduce((sum: number, value) => sum + sizeOf(value), 0);
    if (rows.length === request.maxRows || bytes > request.maxBytes) {
      return { kind: 'result', columns, rows, truncated: true };
    }
    rows.push(row);
  }
  return { kind: 'result', columns, rows, truncated: false };
}

/** SQLite's plan of a query tells (https://www.sqlite.org/eqp.html). An EXPLAIN has no plan, and runs nothing. */
function isRecursive(db: Database, { sql, parameters }: ReadOnlyQueryRequest): boolean {
  if (/^\s*EXPLAIN\b/i.test(withoutComments(sql))) return false;
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).raw(true).all(parameters);
  return steps.some((step) => Array.isArray(step) && step.at(-1) === 'RECURSIVE STEP');
}

function isRowOfValues(row: unknown): row is SqlValue[] {
  return Array.isArray(row) && row.every(isBindable);
}

function toNumberIfExact(value: SqlValue): SqlValue {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return types.isUint8Array(value) ? value.byteLength : 8;
}

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

function messageOf(error: unknown): string {
  return withoutValues(isError(error) ? error.message : String(error));
}
