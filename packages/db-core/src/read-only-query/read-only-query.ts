import type { Database, SqlValue } from '../connection/driver.ts';
import {
  InvalidInputError,
  QueryFailedError,
  QueryRejectedError,
  QueryTimeoutError,
  UnsupportedRuntimeError,
} from '../errors/index.ts';
import { callerPlace } from '../isolation/caller-place.ts';
import type { Isolate, Program } from '../isolation/isolate.ts';
import { resolveInstalled } from '../isolation/resolve.ts';
import { startProcess } from '../isolation/start-process.ts';
import { startThread } from '../isolation/start-thread.ts';
import { type NamesOf, readOptions } from '../known-names/known-names.ts';
import { isBindable } from '../sql/prepared-statement.ts';
import { requireInteger, requireObject, requireString } from '../validation.ts';
import type { ReadOnlyQueryAnswer, ReadOnlyQueryRequest } from './read-only-query-program.ts';

/** The limits of a read-only query. */
export interface ReadOnlyQueryOptions {
  /** Values for the query's named parameters. */
  readonly parameters?: Readonly<Record<string, SqlValue>> | null | undefined;
  /** The largest number of rows to return. Default: 1,000. */
  readonly maxRows?: number | null | undefined;
  /** The time limit of the query in milliseconds, the start of its process included. Default: 5,000. */
  readonly timeoutMs?: number | null | undefined;
  /** The largest total size of the result's texts and blobs, in bytes. Default: 10,000,000. */
  readonly maxBytes?: number | null | undefined;
}

const OPTION_NAMES: NamesOf<ReadOnlyQueryOptions> = {
  parameters: true,
  maxRows: true,
  timeoutMs: true,
  maxBytes: true,
};

/** The result of a read-only query. */
export interface ReadOnlyQueryResult {
  readonly columns: readonly string[];
  /** Integers that a number can't hold exactly are bigints. */
  readonly rows: readonly (readonly SqlValue[])[];
  /** Whether there was more than `maxRows` or `maxBytes` allow. */
  readonly truncated: boolean;
}

/** SQLite stops reading at NUL, so that what follows it would be neither run nor refused. */
function requireSql(sql: string): string {
  if (requireString(sql, 'sql').includes('\0'))
    throw new QueryRejectedError('The query was not run: it holds a NUL character. Write one SELECT statement.');
  return sql;
}

/** The code of the program. The build defines it; sources that run as they are have it beside them. */
declare const READ_ONLY_QUERY_PROGRAM: string | undefined;

const PROGRAM: Program = {
  code:
    typeof READ_ONLY_QUERY_PROGRAM === 'string'
      ? READ_ONLY_QUERY_PROGRAM
      : `import '${new URL('./read-only-query-program.ts', import.meta.url)}'`,
  // The heap holds the rows on their way back; a runaway result ends this process, not the caller's.
  execArgv: ['--max-old-space-size=256', '--disable-warning=ExperimentalWarning'],
};

/**
 * Runs a query that somebody else wrote, a language model for instance: one statement that only reads, on a read-only
 * connection, within limits of rows, bytes and time.
 *
 * SQLite can't be interrupted from the thread it runs in, so the query has a process of its own, which is ended when
 * its time is over; this one never waits for it. A program that can't start one, such as a single executable, runs it in a
 * thread: its time is over there as well, but SQLite goes on until it has the next row. Recursive queries, which may have no
 * next row, are refused there.
 *
 * @param warn - called where no process can be started
 * @throws QueryRejectedError when it is not a single statement that only reads
 * @throws QueryTimeoutError when it runs too long
 */
export async function runReadOnlyQuery(
  db: Database,
  sql: string,
  options: ReadOnlyQueryOptions,
  warn: (message: string) => void,
): Promise<ReadOnlyQueryResult> {
  const { parameters = {}, ...limits } = readOptions(options, OPTION_NAMES);
  for (const value of Object.values(requireObject(parameters, 'parameters'))) {
    if (!isBindable(value)) throw new InvalidInputError('parameters', 'expected strings, numbers, bytes or null');
  }
  const timeoutMs = requireInteger(limits.timeoutMs ?? 5_000, 'timeoutMs', { min: 1, max: 2 ** 31 - 1 });
  const request = {
    database: db.memory ? db.serialize() : db.name,
    sql: requireSql(sql),
    parameters,
    maxRows: requireInteger(limits.maxRows ?? 1_000, 'maxRows', { min: 0 }),
    maxBytes: requireInteger(limits.maxBytes ?? 10_000_000, 'maxBytes', { min: 0 }),
  };
  const answer = await within(timeoutMs, request, warn);
  switch (answer.kind) {
    case 'result':
      return { columns: answer.columns, rows: answer.rows, truncated: answer.truncated };
    case 'rejected':
      throw new QueryRejectedError(`The query was not run: ${answer.reason}. Write one SELECT statement.`);
    case 'failed':
      throw new QueryFailedError(`The query failed: ${answer.reason}. Correct it and try again.`);
  }
}

type Query = Omit<ReadOnlyQueryRequest, 'driver' | 'canBeStopped'>;

async function within(timeoutMs: number, query: Query, warn: (message: string) => void): Promise<ReadOnlyQueryAnswer> {
  const started = start(warn);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const message = `The query ran longer than ${timeoutMs} ms and was stopped. Ask for less at once.`;
    timer = setTimeout(() => reject(new QueryTimeoutError(message)), timeoutMs);
  });
  try {
    return await Promise.race([ask(started, query), timeout]);
  } finally {
    clearTimeout(timer);
    // Who asked has been told already if it could not be started.
    void started.then(
      (isolate) => isolate.stop(),
      () => undefined,
    );
  }
}

async function start(warn: (message: string) => void): Promise<Isolate> {
  const process = await startProcess(PROGRAM);
  if (process !== undefined) return process;
  warn(
    'This program can start no process for a read-only query: it runs in a thread, where SQLite can be stopped only between ' +
      'two rows, and recursive queries are refused.',
  );
  const thread = await startThread(PROGRAM);
  if (thread !== undefined) return thread;
  throw new UnsupportedRuntimeError('This program can start neither a process nor a thread for a read-only query.');
}

async function ask(started: Promise<Isolate>, query: Query): Promise<ReadOnlyQueryAnswer> {
  const driver = resolveInstalled('better-sqlite3', callerPlace());
  if (driver === undefined) {
    throw new UnsupportedRuntimeError(
      'better-sqlite3 is not found beside this program, where a read-only query needs it. Leave it out of the bundle and ' +
        'install it beside it.',
    );
  }
  const isolate = await started;
  const request: ReadOnlyQueryRequest = { ...query, driver, canBeStopped: isolate.kind === 'process' };
  isolate.send(request);
  const answer = await isolate.next();
  if (!isAnswer(answer)) throw new QueryFailedError(`The query's ${isolate.kind} ended. Ask for less at once.`);
  return answer;
}

/** The program is a part of this package, whose answers have the right shape; there is none if it ended. */
function isAnswer(message: unknown): message is ReadOnlyQueryAnswer {
  return message !== undefined;
}
