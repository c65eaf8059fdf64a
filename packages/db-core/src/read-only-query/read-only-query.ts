import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database, SqlValue } from '../connection/driver.ts';
import { InvalidInputError, QueryFailedError, QueryRejectedError, QueryTimeoutError } from '../errors/index.ts';
import { isBindable } from '../sql/prepared-statement.ts';
import { requireInteger, requireObject, requireString } from '../validation.ts';
import type { ReadOnlyQueryAnswer, ReadOnlyQueryRequest } from './read-only-query-process.ts';

/** The limits of a read-only query. */
export interface ReadOnlyQueryOptions {
  /** Values for the query's named parameters. */
  readonly parameters?: Readonly<Record<string, SqlValue>>;
  /** The largest number of rows to return. Default: 1,000. */
  readonly maxRows?: number;
  /** The time limit of the query in milliseconds, the start of its process included. Default: 5,000. */
  readonly timeoutMs?: number;
  /** The largest total size of the result's texts and blobs, in bytes. Default: 10,000,000. */
  readonly maxBytes?: number;
}

/** The result of a read-only query. */
export interface ReadOnlyQueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
  /** Whether there was more than `maxRows` or `maxBytes` allow. */
  readonly truncated: boolean;
}

// From source in this package's own tests, from the build when installed: the sibling has this file's extension.
const PROCESS_FILE = fileURLToPath(new URL(`./read-only-query-process${extname(import.meta.url)}`, import.meta.url));

/**
 * Runs a query that somebody else wrote, a language model for instance: one statement that only reads, on a read-only
 * connection, within limits of rows, bytes and time.
 *
 * SQLite can't be interrupted from the thread it runs in, so the query has a process of its own, which is ended when
 * its time is over; this one never waits for it.
 *
 * @throws QueryRejectedError when it is not a single statement that only reads
 * @throws QueryTimeoutError when it runs too long
 */
export async function runReadOnlyQuery(
  db: Database,
  sql: string,
  options: ReadOnlyQueryOptions = {},
): Promise<ReadOnlyQueryResult> {
  const { parameters = {} } = requireObject(options, 'options');
  for (const value of Object.values(requireObject(parameters, 'parameters'))) {
    if (!isBindable(value)) throw new InvalidInputError('parameters', 'expected strings, numbers, bytes or null');
  }
  const timeoutMs = requireInteger(options.timeoutMs ?? 5_000, 'timeoutMs', { min: 1, max: 2 ** 31 - 1 });
  const request: ReadOnlyQueryRequest = {
    database: db.memory ? db.serialize() : db.name,
    sql: requireString(sql, 'sql'),
    parameters,
    maxRows: requireInteger(options.maxRows ?? 1_000, 'maxRows', { min: 0 }),
    maxBytes: requireInteger(options.maxBytes ?? 10_000_000, 'maxBytes', { min: 0 }),
  };
  const answer = await askProcess(request, timeoutMs);
  switch (answer.kind) {
    case 'result':
      return { columns: answer.columns, rows: answer.rows, truncated: answer.truncated };
    case 'rejected':
      throw new QueryRejectedError(`The query was not run: ${answer.reason}. Write one SELECT statement.`);
    case 'failed':
      throw new QueryFailedError(`The query failed: ${answer.reason}. Correct it and try again.`);
  }
}

async function askProcess(request: ReadOnlyQueryRequest, timeoutMs: number): Promise<ReadOnlyQueryAnswer> {
  // Loaded when it is first needed: a program that asks one question and ends should not wait for it.
  const { fork } = await import('node:child_process');
  const child = fork(PROCESS_FILE, {
    // The heap holds the rows on their way back; a runaway result ends this process, not the caller's.
    execArgv: ['--max-old-space-size=256', '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  });
  return new Promise<ReadOnlyQueryAnswer>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new QueryTimeoutError(`The query ran longer than ${timeoutMs} ms and was stopped. Ask for less at once.`));
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('message', (answer: ReadOnlyQueryAnswer) => resolve(answer));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new QueryFailedError(`The query's process ended (${signal ?? code}). Ask for less at once.`));
    });
    child.send(request);
  });
}
