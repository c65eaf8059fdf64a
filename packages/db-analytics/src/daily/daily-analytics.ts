import type { AnalyticsFilter, DailySummary, NewAnalytics } from '@codebuddy/db-core';
import { type Analytics, type Database, InvalidInputError } from '@codebuddy/db-core';
import {
  type CostRecord,
  fromNanoDollars,
  type Given,
  type ImportedCost,
  type ImportOutcome,
  isCalendarDate,
  type NamesOf,
  optionalNameOrNull,
  type Row,
  read,
  readOptions,
  readRecord,
  requireInteger,
  requireNumber,
  requireString,
  toAnalytics,
  toNanoDollars,
} from '@codebuddy/db-core/internal';
import { prepareQueries, prepareStatements } from './statements.ts';

/** The sums over some days, projects or models. */
export interface AnalyticsTotals {
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** In US dollars. */
  readonly cost: number;
  readonly requests: number;
  readonly toolCalls: number;
  readonly errors: number;
  readonly sessions: number;
}

const ROW_NAMES: NamesOf<NewAnalytics> = {
  date: true,
  project_id: true,
  model: true,
  tokens_in: true,
  tokens_out: true,
  cache_read_tokens: true,
  cache_write_tokens: true,
  cost: true,
  requests: true,
  tool_calls: true,
  errors: true,
  avg_response_time_ms: true,
  cache_hit_rate: true,
  session_count: true,
};

const FILTER_NAMES: NamesOf<AnalyticsFilter> = { startDate: true, endDate: true, projectId: true, model: true };

const COST_NAMES: NamesOf<CostRecord> = {
  key: true,
  date: true,
  model: true,
  cost: true,
  tokensIn: true,
  tokensOut: true,
  sessions: true,
};

const NOT_NEGATIVE = { min: 0 };
const SHARE = { min: 0, max: 1 };

/** The table `analytics`: a row for each day, project and model. */
export class DailyAnalytics {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #queries: ReturnType<typeof prepareQueries>;

  constructor(db: Database) {
    this.#statements = prepareStatements(db);
    this.#queries = prepareQueries(db);
  }

  add(row: NewAnalytics): void {
    const given = readRecord(row, ROW_NAMES, { id: true }, 'row');
    const count = (field: keyof NewAnalytics) => requireInteger(given[field] ?? 0, field, NOT_NEGATIVE);
    this.#statements.add.run({
      date: requireDay(given.date),
      project_id: optionalNameOrNull(given.project_id, 'project_id'),
      model: optionalNameOrNull(given.model, 'model'),
      tokens_in: count('tokens_in'),
      tokens_out: count('tokens_out'),
      cache_read_tokens: count('cache_read_tokens'),
      cache_write_tokens: count('cache_write_tokens'),
      cost_nanos: toNanoDollars(given.cost ?? 0),
      requests: count('requests'),
      tool_calls: count('tool_calls'),
      errors: count('errors'),
      session_count: count('session_count'),
      avg_response_time_ms: requireNumber(given.avg_response_time_ms ?? 0, 'avg_response_time_ms', NOT_NEGATIVE),
      cache_hit_rate: requireNumber(given.cache_hit_rate ?? 0, 'cache_hit_rate', SHARE),
    });
  }

  rows(filter: AnalyticsFilter): Analytics[] {
    return this.#queries.rows(readFilter(filter)).map(toAnalytics);
  }

  summaries(filter: AnalyticsFilter): DailySummary[] {
    return this.#queries.byDay(readFilter(filter)).map((row) => ({
      date: read.text(row, 'date'),
      totalCost: fromNanoDollars(read.number(row, 'cost_nanos')),
      totalRequests: read.number(row, 'requests'),
      totalTokens: read.number(row, 'tokens_in') + read.number(row, 'tokens_out'),
      avgResponseTime: read.number(row, 'avg_response_time_ms'),
    }));
  }

  totals(filter: AnalyticsFilter): AnalyticsTotals & { avgResponseTime: number; cacheHitRate: number } {
    const [row = {}] = this.#queries.total(readFilter(filter));
    return {
      ...toTotals(row),
      avgResponseTime: read.number(row, 'avg_response_time_ms'),
      cacheHitRate: read.number(row, 'cache_hit_rate'),
    };
  }

  byModel(filter: AnalyticsFilter): Map<string, AnalyticsTotals> {
    return new Map(this.#queries.byModel(readFilter(filter)).map((row) => [read.text(row, 'model'), toTotals(row)]));
  }

  deleteBefore(date: string, dryRun: boolean): number {
    if (dryRun) return read.number(this.#statements.countBefore.one({ date }), 'days');
    return this.#statements.deleteBefore.run({ date }).changes;
  }

  deleteAll(): void {
    this.#statements.deleteAll.run();
  }

  /** Adds a legacy entry once; of one that has grown since, what it has grown by. */
  import(record: CostRecord): ImportOutcome {
    const earlier = this.#statements.readImported.get({
      key: requireString(readRecord(record, COST_NAMES, {}, 'record').key, 'key'),
    });
    const known = (column: string) => (earlier === undefined ? 0 : read.number(earlier, column));
    const now = {
      cost_nanos: toNanoDollars(record.cost),
      tokens_in: requireInteger(record.tokensIn, 'tokensIn', NOT_NEGATIVE),
      tokens_out: requireInteger(record.tokensOut, 'tokensOut', NOT_NEGATIVE),
    };
    const growth = {
      cost: fromNanoDollars(Math.max(0, now.cost_nanos - known('cost_nanos'))),
      tokens_in: Math.max(0, now.tokens_in - known('tokens_in')),
      tokens_out: Math.max(0, now.tokens_out - known('tokens_out')),
    };
    if (earlier !== undefined && Object.values(growth).every((amount) => amount === 0)) return 'exists';
    const sessions = earlier === undefined ? record.sessions : 0;
    this.add({
      date: record.date,
      ...(record.model === undefined ? {} : { model: record.model }),
      ...growth,
      session_count: sessions,
    });
    const counted = (column: keyof typeof now) => Math.max(now[column], known(column));
    this.#statements.writeImported.run({
      key: record.key,
      cost_nanos: counted('cost_nanos'),
      tokens_in: counted('tokens_in'),
      tokens_out: counted('tokens_out'),
    });
    return earlier === undefined ? 'inserted' : 'exists';
  }

  imported(key: string): ImportedCost | null {
    const row = this.#statements.readImported.get({ key: requireString(key, 'keys') });
    if (row === undefined) return null;
    return {
      cost: fromNanoDollars(read.number(row, 'cost_nanos')),
      tokensIn: read.number(row, 'tokens_in'),
      tokensOut: read.number(row, 'tokens_out'),
    };
  }
}

function toTotals(row: Row): AnalyticsTotals {
  return {
    tokensIn: read.number(row, 'tokens_in'),
    tokensOut: read.number(row, 'tokens_out'),
    cacheReadTokens: read.number(row, 'cache_read_tokens'),
    cacheWriteTokens: read.number(row, 'cache_write_tokens'),
    cost: fromNanoDollars(read.number(row, 'cost_nanos')),
    requests: read.number(row, 'requests'),
    toolCalls: read.number(row, 'tool_calls'),
    errors: read.number(row, 'errors'),
    sessions: read.number(row, 'session_count'),
  };
}

/** Checks a filter of days. */
export function readFilter(filter: AnalyticsFilter): Given<AnalyticsFilter> {
  const given = readOptions(filter, FILTER_NAMES, 'filter');
  if (given.startDate !== undefined) requireDay(given.startDate, 'startDate');
  if (given.endDate !== undefined) requireDay(given.endDate, 'endDate');
  return given;
}

function requireDay(day: string, field = 'date'): string {
  if (!isCalendarDate(day)) throw new InvalidInputError(field, 'expected a day of the calendar as YYYY-MM-DD');
  return day;
}
