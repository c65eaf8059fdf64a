import type { AnalyticsFilter, DailySummary } from '@codebuddy/db-core';
import { type Analytics, type Clock, type Database, getDatabaseManager } from '@codebuddy/db-core';
import {
  type ConnectionContext,
  contextOf,
  type MonotonicClock,
  type NamesOf,
  randomId,
  readOptions,
  requireString,
  resolveRepositoryOptions,
  TypedEventEmitter,
} from '@codebuddy/db-core/internal';
import { AnalyticsRepository } from './analytics-repository.ts';
import {
  type Budget,
  type BudgetAlert,
  type BudgetPeriod,
  type BudgetStatus,
  Budgets,
  type SpendingContext,
  startOf,
} from './budgets/budgets.ts';
import { addDays, Calendar } from './calendar.ts';
import { toCsv } from './csv.ts';
import { DailyAnalytics, readFilter } from './daily/daily-analytics.ts';
import { type AnalyticsSummary, trendOf } from './daily/summary.ts';
import { formatDashboard } from './dashboard.ts';
import { DEFAULT_PRICES } from './prices/default-prices.ts';
import type { PriceTable, TokenCounts } from './prices/price-table.ts';
import { type RecordedRequest, type RequestRecord, RequestRecorder } from './usage/request-recorder.ts';

/** The options of persistent analytics. */
export interface PersistentAnalyticsOptions {
  /** Default: the connection of the process's `DatabaseManager`. */
  readonly db?: Database | null | undefined;
  readonly clock?: Clock | null | undefined;
  /** The time zone of days, weeks and months, as an IANA name. Default: the system's. */
  readonly timeZone?: string | null | undefined;
  /** Default: `DEFAULT_PRICES`. */
  readonly prices?: PriceTable | null | undefined;
  /** The session that spends. Default: one of this object's own. */
  readonly sessionId?: string | null | undefined;
}

const OPTION_NAMES: NamesOf<PersistentAnalyticsOptions> = {
  db: true,
  clock: true,
  timeZone: true,
  prices: true,
  sessionId: true,
};

/** The events of persistent analytics. */
export interface PersistentAnalyticsEvents {
  /** A request was recorded; its cost is in US dollars. */
  'usage:recorded': { model: string; tokensIn: number; tokensOut: number; cost: number; sessionId: string };
  /** A session was counted, and spends from now on. */
  'session:started': { sessionId: string; projectId?: string };
  /** Limits were set; these are all that there are now, in US dollars by period. */
  'budget:updated': { limits: { readonly [Period in BudgetPeriod]?: number } };
  /** A budget has reached a threshold: once for each period, in whichever process is first. */
  'budget:alert': BudgetAlert;
  /** A model has no price, so its requests count as free: add it to the price table. */
  'price:unknown': { model: string; asOf: string };
}

/**
 * Keeps track of what an agent spends, against budgets that all processes share.
 *
 * @example
 * ```ts
 * const analytics = new PersistentAnalytics({ daily: 10 });
 * analytics.on('budget:alert', ({ type, budget, percentage }) => warn(`${budget} budget: ${type}, ${percentage} %`));
 * const reservation = analytics.reserve(0.5);
 * const answer = await callModel();
 * analytics.settle(reservation, { model: 'grok-3', tokensIn: 900, tokensOut: 80, responseTimeMs: 700, cacheHit: false });
 * ```
 */
export class PersistentAnalytics extends TypedEventEmitter<PersistentAnalyticsEvents> {
  readonly #repository: AnalyticsRepository;
  readonly #daily: DailyAnalytics;
  readonly #recorder: RequestRecorder;
  readonly #budgets: Budgets;
  readonly #connection: ConnectionContext;
  readonly #calendar: Calendar;
  readonly #clock: MonotonicClock;
  readonly #ownsSession: boolean;
  #sessionId: string;

  /** @param budget - in US dollars, by period */
  constructor(budget: Budget = {}, options: PersistentAnalyticsOptions = {}) {
    super();
    const given = readOptions(options, OPTION_NAMES);
    const db = given.db ?? getDatabaseManager().getDatabase();
    const { clock } = resolveRepositoryOptions({ clock: given.clock }, db);
    this.#clock = clock;
    this.#calendar = new Calendar(given.timeZone);
    this.#ownsSession = given.sessionId === undefined;
    this.#sessionId = requireString(given.sessionId ?? newSessionId(), 'sessionId');
    this.#repository = new AnalyticsRepository(db, { clock: () => clock.now(), timeZone: given.timeZone });
    this.#daily = new DailyAnalytics(db);
    this.#budgets = new Budgets(db, budget);
    const unknownPrice = (model: string, asOf: string) => void this.emit('price:unknown', { model, asOf });
    this.#recorder = new RequestRecorder(db, this.#daily, this.#budgets, given.prices ?? DEFAULT_PRICES, unknownPrice);
    this.#connection = contextOf(db);
  }

  /** Records a request, and returns what it cost in US dollars: 0 if it had been recorded before. */
  record(request: RequestRecord): number {
    // If there is a limit, money that was spent must not be unspent after a power cut.
    const { durableTransaction, transaction: plainTransaction } = this.#connection;
    const run = this.#budgets.areLimited ? durableTransaction : plainTransaction;
    return this.#announce(
      request,
      run('analytics.record', (transaction) => this.#recorder.record(transaction, request, this.#context())),
    );
  }

  /**
   * Counts a session on this day, and begins its cost at 0. Where a `sessionId` was given, it stays the one that spends.
   */
  recordSession(projectId?: string | null): void {
    this.#daily.add({ date: this.#today(), session_count: 1, project_id: projectId });
    if (this.#ownsSession) this.#sessionId = newSessionId();
    this.emit('session:started', {
      sessionId: this.#sessionId,
      ...(typeof projectId === 'string' ? { projectId } : {}),
    });
  }

  /**
   * Calculates what tokens cost by the price table, in US dollars: 0 for a model without a price, of which the event
   * `price:unknown` tells.
   */
  calculateCost(
    model: string,
    tokensIn: number,
    tokensOut: number,
    cached: Pick<TokenCounts, 'cacheReadTokens' | 'cacheWriteTokens'> = {},
  ): number {
    return this.#recorder.costOf(model, { tokensIn, tokensOut, ...cached });
  }

  /** Returns what a session has cost, sub-agents and forks included, in US dollars. Default: this one. */
  getSessionCost(sessionId: string = this.#sessionId): number {
    return this.#budgets.sessionCost(sessionId);
  }

  /** Returns what a day has cost, in US dollars. Default: today. */
  getDailyCost(date: string = this.#today()): number {
    return this.#daily.totals({ startDate: date, endDate: date }).cost;
  }

  /** Returns what this week has cost since Monday, in US dollars. */
  getWeeklyCost(): number {
    return this.#daily.totals({ startDate: startOf('weekly', this.#today()) }).cost;
  }

  /** Returns what this month has cost, in US dollars. */
  getMonthlyCost(): number {
    return this.#daily.totals({ startDate: startOf('monthly', this.#today()) }).cost;
  }

  /** Adds up some days, by default the last 30, and compares them with as many before. */
  getSummary(filter: AnalyticsFilter = {}): AnalyticsSummary {
    const given = readFilter(filter);
    const endDate = given.endDate ?? this.#today();
    const startDate = given.startDate ?? addDays(endDate, -29);
    const period = { ...given, startDate, endDate };
    const totals = this.#daily.totals(period);
    const days = (Date.parse(endDate) - Date.parse(startDate)) / 86_400_000 + 1;
    const before = this.#daily.totals({
      ...given,
      startDate: addDays(startDate, -days),
      endDate: addDays(startDate, -1),
    });
    return {
      period: { startDate, endDate },
      totalCost: totals.cost,
      totalRequests: totals.requests,
      totalTokens: { in: totals.tokensIn, out: totals.tokensOut },
      avgResponseTime: totals.avgResponseTime,
      cacheHitRate: totals.cacheHitRate,
      errorRate: totals.requests === 0 ? 0 : totals.errors / totals.requests,
      byModel: Object.fromEntries(this.#daily.byModel(period)),
      trend: trendOf(before.cost, totals.cost),
    };
  }

  /** Returns what each of the last days adds up to, the newest first. */
  getDailySummaries(days = 30): DailySummary[] {
    return this.#repository.getDailySummary(days);
  }

  /** Tells how much of each budget is used, by all processes. */
  getBudgetStatus(): { readonly [Period in BudgetPeriod]?: BudgetStatus } {
    return this.#budgets.status(this.#context());
  }

  /** Sets limits, in US dollars by period: those that are not given stay, `null` takes one away. */
  setBudget(budget: Budget): void {
    this.#budgets.setLimits(budget);
    this.emit('budget:updated', { limits: this.#budgets.limits });
  }

  /**
   * Sets an amount aside for a request that is about to be made, so that no other process can spend it.
   *
   * @param amount - in US dollars: the most that the request may cost
   * @param ttlMs - after this many milliseconds a reservation that was never settled no longer counts
   * @returns the reservation, for {@link settle} or {@link cancel}
   * @throws BudgetExceededError when a budget has not so much left
   */
  reserve(amount: number, ttlMs = 600_000): string {
    return this.#connection.durableTransaction('analytics.reserve', (transaction) =>
      this.#budgets.reserve(transaction, amount, ttlMs, this.#context()),
    );
  }

  /** Records what a reserved request did cost, and gives back the reservation, in one step. */
  settle(reservation: string, request: RequestRecord): number {
    const recorded = this.#connection.durableTransaction('analytics.settle', (transaction) => {
      this.#budgets.release(reservation);
      return this.#recorder.record(transaction, request, this.#context());
    });
    return this.#announce(request, recorded);
  }

  /** Gives a reservation back whose request was not made, and returns whether it still counted. */
  cancel(reservation: string): boolean {
    return this.#budgets.release(reservation);
  }

  /** Returns everything as JSON. */
  export(filter: AnalyticsFilter = {}): { exportedAt: string; summary: AnalyticsSummary; days: Analytics[] } {
    return {
      exportedAt: this.#clock.timestamp(),
      summary: this.getSummary(filter),
      days: this.#daily.rows(filter),
    };
  }

  /** Returns the days as CSV (RFC 4180), with a line of names. */
  exportCSV(filter: AnalyticsFilter = {}): string {
    return toCsv(this.#daily.rows(filter));
  }

  /** Writes costs, days and budgets for a terminal. */
  formatDashboard(): string {
    return formatDashboard({
      costs: {
        session: this.getSessionCost(),
        daily: this.getDailyCost(),
        weekly: this.getWeeklyCost(),
        monthly: this.getMonthlyCost(),
      },
      summary: this.getSummary(),
      days: this.getDailySummaries(7),
      budgets: this.getBudgetStatus(),
    });
  }

  /** Deletes the days before the last ones, and returns how many rows those were, or, on a dry run, would be. */
  cleanup(days: number, options: { readonly dryRun?: boolean | null | undefined } = {}): number {
    return this.#repository.deleteOldAnalytics(days, options);
  }

  /** Tells of a request once it is stored, unless it was recorded before. */
  #announce(request: RequestRecord, { cost, alerts, isNew }: RecordedRequest): number {
    if (isNew) {
      const { model, tokensIn, tokensOut } = request;
      const sessionId = request.sessionId ?? this.#sessionId;
      this.emit('usage:recorded', { model, tokensIn, tokensOut, cost, sessionId });
    }
    for (const alert of alerts) this.emit('budget:alert', alert);
    return cost;
  }

  #today(): string {
    return this.#calendar.dayOf(this.#clock.now());
  }

  #context(): SpendingContext {
    const now = this.#clock.now();
    return { sessionId: this.#sessionId, today: this.#calendar.dayOf(now), now };
  }
}

function newSessionId(): string {
  return `process:${randomId()}`;
}
