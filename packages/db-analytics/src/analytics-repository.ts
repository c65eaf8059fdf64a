import type {
  AnalyticsFilter,
  AnalyticsStore,
  DailySummary,
  NewAnalytics,
  RepairDetails,
  RepairStats,
  StrategyFilter,
  TopTool,
} from '@codebuddy/db-core';
import {
  type Analytics,
  type Database,
  getDatabaseManager,
  type RepairErrorType,
  type RepairLearning,
  type RepositoryOptions,
  type ToolStats,
} from '@codebuddy/db-core';
import {
  type CostImportTarget,
  type CostRecord,
  contextOf,
  type ImportedCost,
  type ImportOutcome,
  type RunTransaction,
  readOptions,
  requireArray,
  requireInteger,
  resolveRepositoryOptions,
  shareRepository,
} from '@codebuddy/db-core/internal';
import { addDays, Calendar } from './calendar.ts';
import { DailyAnalytics } from './daily/daily-analytics.ts';
import { RepairStatistics } from './repairs/repair-statistics.ts';
import { ToolStatistics } from './tools/tool-statistics.ts';
import { UsageLog } from './usage/usage-log.ts';

/** The options of an analytics repository. */
export interface AnalyticsOptions extends Pick<RepositoryOptions, 'clock'> {
  /** The time zone in which a day begins and ends, as an IANA name. Default: the system's. */
  readonly timeZone?: string | null | undefined;
}

/**
 * Stores what an agent costs, how its tools fare, and which repairs work.
 *
 * @example
 * ```ts
 * const analytics = new AnalyticsRepository(manager.getDatabase());
 * analytics.recordToolUsage('bash', true, 120, false);
 * analytics.recordRepairAttempt("Cannot find name '<name>'", 'compile', 'add the import', true, 1);
 * const [best] = analytics.getBestStrategies("Cannot find name '<name>'");
 * ```
 */
export class AnalyticsRepository implements AnalyticsStore, CostImportTarget {
  readonly #daily: DailyAnalytics;
  readonly #tools: ToolStatistics;
  readonly #repairs: RepairStatistics;
  readonly #usage: UsageLog;
  readonly #transaction: RunTransaction;
  readonly #today: () => string;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: AnalyticsOptions = {}) {
    const { clock: given, timeZone } = readOptions(options, { clock: true, timeZone: true });
    const { clock } = resolveRepositoryOptions({ clock: given }, db);
    const now = () => clock.timestamp();
    const calendar = new Calendar(timeZone);
    this.#today = () => calendar.dayOf(clock.now());
    this.#daily = new DailyAnalytics(db);
    this.#tools = new ToolStatistics(db, now);
    this.#repairs = new RepairStatistics(db, now);
    this.#usage = new UsageLog(db);
    this.#transaction = contextOf(db).transaction;
  }

  /** Adds to a day's row for a project and model: counts add up, averages weigh by requests. */
  recordAnalytics(row: NewAnalytics): void {
    this.#daily.add(row);
  }

  /** Returns the rows of some days, projects and models, the newest day first. */
  getAnalytics(filter: AnalyticsFilter = {}): Analytics[] {
    return this.#daily.rows(filter);
  }

  /** Returns what each of the last days adds up to, the newest first; a day without use is left out. */
  getDailySummary(days = 30): DailySummary[] {
    requireInteger(days, 'days', { min: 0 });
    if (days === 0) return [];
    return this.#daily.summaries({ startDate: addDays(this.#today(), 1 - days), endDate: this.#today() });
  }

  /** Returns what some days, projects and models cost, in US dollars. */
  getTotalCost(filter: AnalyticsFilter = {}): number {
    return this.#daily.totals(filter).cost;
  }

  /**
   * Records that a tool was used.
   *
   * @param timeMs - in milliseconds
   * @param cacheHit - whether its result came from the cache; absent if the tool has none
   */
  recordToolUsage(
    toolName: string,
    success: boolean,
    timeMs: number,
    cacheHit?: boolean | null,
    projectId?: string | null,
  ): void {
    this.#tools.add(toolName, success, timeMs, cacheHit ?? undefined, projectId ?? undefined);
  }

  /** Returns how tools fare in a project, or everywhere, the most used first. */
  getToolStats(projectId?: string | null): ToolStats[] {
    return this.#tools.rows(projectId ?? undefined);
  }

  /** Returns the most used tools, over all projects. */
  getTopTools(limit = 10): TopTool[] {
    return this.#tools.top(limit);
  }

  /**
   * Records how a strategy fared against a pattern of error.
   *
   * @param attempts - how many tries it took
   * @param details - what the repair was like; its example is kept if it worked
   */
  recordRepairAttempt(
    errorPattern: string,
    errorType: RepairErrorType,
    strategy: string,
    success: boolean,
    attempts: number,
    details: RepairDetails = {},
  ): void {
    this.#repairs.add(errorPattern, errorType, strategy, success, attempts, details);
  }

  /**
   * Recommends strategies against a pattern of error, the most trustworthy first: by the lower bound of the Wilson
   * score interval, over evidence that halves every 90 days.
   */
  getBestStrategies(errorPattern: string, filter: StrategyFilter = {}, limit = 5): RepairLearning[] {
    return this.#repairs.best([errorPattern], filter, limit);
  }

  /** Returns what was learned in all. */
  getRepairStats(): RepairStats {
    return this.#repairs.statistics();
  }

  /** Deletes the days before the last ones, and returns how many rows those were, or, on a dry run, would be. */
  deleteOldAnalytics(daysToKeep = 90, options: { readonly dryRun?: boolean | null | undefined } = {}): number {
    const date = addDays(this.#today(), -requireInteger(daysToKeep, 'daysToKeep', { min: 0 }));
    if (readOptions(options, { dryRun: true }).dryRun === true) return this.#daily.deleteBefore(date, true);
    return this.#transaction('analytics.deleteOldAnalytics', () => {
      this.#usage.deleteBefore(date);
      return this.#daily.deleteBefore(date, false);
    });
  }

  /** Deletes all analytics and tool statistics; what was learned of repairs stays. */
  resetStats(): void {
    this.#transaction('analytics.resetStats', () => {
      this.#daily.deleteAll();
      this.#usage.deleteAll();
      this.#tools.deleteAll();
    });
  }

  /** {@inheritDoc CostImportTarget.importCosts} */
  importCosts(records: readonly CostRecord[]): ImportOutcome[] {
    return this.#transaction('analytics.importCosts', () =>
      requireArray(records, 'records').map((record) => this.#daily.import(record)),
    );
  }

  /** {@inheritDoc CostImportTarget.locateCosts} */
  locateCosts(keys: readonly string[]): (ImportedCost | null)[] {
    return requireArray(keys, 'keys').map((key) => this.#daily.imported(key));
  }
}

const shared = shareRepository((db) => new AnalyticsRepository(db));

/** Returns the process's one repository, for the present connection of its `DatabaseManager`. */
export const getAnalyticsRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetAnalyticsRepository = shared.reset;
