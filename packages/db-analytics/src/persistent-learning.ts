import type { RepairStats } from '@codebuddy/db-core';
import {
  type Clock,
  type Convention,
  type Database,
  getDatabaseManager,
  InvalidInputError,
  type Redact,
  type RepairErrorType,
  type RepairLearning,
  type ToolStats,
} from '@codebuddy/db-core';
import {
  type MonotonicClock,
  type NamesOf,
  readOptions,
  readRecord,
  redactionOf,
  redactText,
  requireArray,
  requireString,
  resolveRepositoryOptions,
  TypedEventEmitter,
} from '@codebuddy/db-core/internal';
import { AnalyticsRepository } from './analytics-repository.ts';
import { type ConventionFilter, Conventions, type SeenConvention } from './conventions/conventions.ts';
import { errorSignature } from './repairs/error-signature.ts';
import { KnownPatterns } from './repairs/known-patterns.ts';
import { trustworthiness } from './repairs/ranking.ts';
import { RepairStatistics } from './repairs/repair-statistics.ts';
import { toolsFor } from './tools/tools-for-task.ts';

/** A repair that was tried. */
export interface RepairAttempt {
  /** The message as the tool printed it. Its signature is kept, which recognises it and may hold parts of it. */
  readonly errorMessage: string;
  readonly errorType: RepairErrorType;
  readonly strategy: string;
  readonly success: boolean;
  /** The number of tries it took. */
  readonly attempts: number;
  readonly language?: string | null | undefined;
  readonly framework?: string | null | undefined;
  /** The code that mended it, kept as an example if it did. */
  readonly fixCode?: string | null | undefined;
  readonly contextHash?: string | null | undefined;
}

/** A tool that was used. */
export interface ToolUsage {
  readonly toolName: string;
  readonly success: boolean;
  /** In milliseconds. */
  readonly timeMs: number;
  readonly cacheHit?: boolean | null | undefined;
  readonly projectId?: string | null | undefined;
}

/** The strategies that a recommendation looks at. */
export interface StrategyOptions {
  readonly errorType?: RepairErrorType | null | undefined;
  readonly language?: string | null | undefined;
  readonly framework?: string | null | undefined;
  /** Default: 5. */
  readonly limit?: number | null | undefined;
}

/** Something worth telling, drawn from what was learned. */
export interface Insight {
  readonly kind: 'tool' | 'repair' | 'convention';
  readonly message: string;
}

/** A summary of everything that was learned. */
export interface LearningStats {
  readonly repairs: RepairStats;
  readonly tools: number;
  readonly conventions: number;
}

/** The events of persistent learning. */
export interface PersistentLearningEvents {
  'repair:recorded': { signature: string; strategy: string; success: boolean };
  'convention:recorded': Convention;
  'tool:recorded': ToolUsage;
}

const ATTEMPT_NAMES: NamesOf<RepairAttempt> = {
  errorMessage: true,
  errorType: true,
  strategy: true,
  success: true,
  attempts: true,
  language: true,
  framework: true,
  fixCode: true,
  contextHash: true,
};

const STRATEGY_NAMES: NamesOf<StrategyOptions> = { errorType: true, language: true, framework: true, limit: true };

const USAGE_NAMES: NamesOf<ToolUsage> = {
  toolName: true,
  success: true,
  timeMs: true,
  cacheHit: true,
  projectId: true,
};

const MIN_SUCCESS_RATE = 0.3;
const ENOUGH_USES = 5;

/**
 * Learns which repairs work against which errors, how tools fare, and the conventions of projects.
 *
 * @example
 * ```ts
 * const learning = new PersistentLearning();
 * learning.recordRepairAttempt({ errorMessage, errorType: 'type', strategy: 'narrow the union', success: true, attempts: 1 });
 * const [best] = learning.getBestRepairStrategies(errorMessage, { language: 'typescript' });
 * ```
 */
export class PersistentLearning extends TypedEventEmitter<PersistentLearningEvents> {
  readonly #repository: AnalyticsRepository;
  readonly #repairs: RepairStatistics;
  readonly #patterns: KnownPatterns;
  readonly #conventions: Conventions;
  readonly #clock: MonotonicClock;
  readonly #redact: Redact | undefined;

  constructor(options: { readonly db?: Database | null | undefined; readonly clock?: Clock | null | undefined } = {}) {
    super();
    const given = readOptions(options, { db: true, clock: true });
    const db = given.db ?? getDatabaseManager().getDatabase();
    const { clock } = resolveRepositoryOptions({ clock: given.clock }, db);
    this.#clock = clock;
    this.#redact = redactionOf(db);
    this.#repository = new AnalyticsRepository(db, { clock: () => clock.now() });
    this.#repairs = new RepairStatistics(db, () => clock.timestamp());
    this.#patterns = new KnownPatterns(db);
    this.#conventions = new Conventions(db, () => clock.timestamp());
  }

  /** Records how a strategy fared against an error, and returns the signature under which it is kept. */
  recordRepairAttempt(attempt: RepairAttempt): string {
    const { errorMessage, errorType, strategy, success, attempts, fixCode, ...context } = readRecord(
      attempt,
      ATTEMPT_NAMES,
      {},
      'attempt',
    );
    const signature = this.#signatureOf(errorMessage);
    const example = success ? fixCode : undefined;
    const details = { ...context, example };
    this.#repository.recordRepairAttempt(signature, errorType, strategy, success, attempts, details);
    this.emit('repair:recorded', { signature, strategy, success });
    return signature;
  }

  /**
   * Recommends strategies against an error, the most trustworthy first; those that fail seven times of ten are left out. What was
   * learned before this release counts too, in whichever notation its pattern leaves out paths, numbers and names.
   */
  getBestRepairStrategies(errorMessage: string, options: StrategyOptions = {}): RepairLearning[] {
    const { limit = 5, ...filter } = readOptions(options, STRATEGY_NAMES);
    const patterns = this.#patterns.like(this.#signatureOf(errorMessage));
    return this.#repairs.best(patterns, { ...filter, minSuccessRate: MIN_SUCCESS_RATE }, limit);
  }

  /** Records that a convention was seen in a project; each time makes it surer. */
  recordConvention(seen: SeenConvention): Convention {
    const convention = this.#conventions.record(seen);
    this.emit('convention:recorded', convention);
    return convention;
  }

  /** Returns the conventions of a project, the surest first. */
  getProjectConventions(projectId: string, filter: ConventionFilter = {}): Convention[] {
    return this.#conventions.find(projectId, filter);
  }

  /** Records that a tool was used. */
  recordToolUsage(usage: ToolUsage): void {
    const { toolName, success, timeMs, cacheHit, projectId } = readRecord(usage, USAGE_NAMES, {}, 'usage');
    this.#repository.recordToolUsage(toolName, success, timeMs, cacheHit, projectId);
    this.emit('tool:recorded', usage);
  }

  /** Returns how tools fare in a project, or everywhere, the most used first. */
  getToolStats(projectId?: string | null): ToolStats[] {
    return this.#repository.getToolStats(projectId);
  }

  /**
   * Returns the tool that can be trusted most: among some, the first of them if none was used; or, for a task in words, among the
   * tools used so far whose names share a word with it, as `read_file` does with "read the configuration".
   */
  getBestToolForTask(task: string | readonly string[], projectId?: string | null): string | null {
    const trust = new Map(this.getToolStats(projectId).map((stats) => [stats.tool_name, this.#trustIn(stats)]));
    const candidates = typeof task === 'string' ? toolsFor(task, [...trust.keys()]) : requireArray(task, 'task');
    const [best] = candidates.toSorted((a, b) => (trust.get(b) ?? 0) - (trust.get(a) ?? 0));
    return best ?? null;
  }

  /** Draws what is worth telling from what was learned. */
  generateInsights(projectId?: string | null): Insight[] {
    const insights: Insight[] = [];
    for (const stats of this.getToolStats(projectId)) {
      const uses = stats.success_count + stats.failure_count;
      if (uses >= ENOUGH_USES && stats.failure_count > stats.success_count) {
        const share = Math.round((stats.failure_count / uses) * 100);
        insights.push({ kind: 'tool', message: `${stats.tool_name} fails ${share} % of the time (${uses} uses)` });
      }
    }
    for (const [type, { count, avgSuccessRate }] of Object.entries(this.#repository.getRepairStats().byErrorType)) {
      const share = Math.round(avgSuccessRate * 100);
      insights.push({
        kind: 'repair',
        message: `${share} % of the repairs of ${type} errors work (${count} strategies known)`,
      });
    }
    if (typeof projectId === 'string') {
      for (const { category, pattern } of this.getProjectConventions(projectId, { minConfidence: 0.8 })) {
        insights.push({ kind: 'convention', message: `${category}: ${pattern}` });
      }
    }
    return insights;
  }

  /** Returns what was learned in all. */
  getStats(): LearningStats {
    return {
      repairs: this.#repository.getRepairStats(),
      tools: new Set(this.getToolStats().map(({ tool_name }) => tool_name)).size,
      conventions: this.#conventions.count(),
    };
  }

  /** Writes what was learned for people. */
  formatStats(): string {
    const { repairs, tools, conventions } = this.getStats();
    return [
      'Learning Statistics',
      `  Repair strategies: ${repairs.totalPatterns}, ${(repairs.avgSuccessRate * 100).toFixed(0)} % successful on average`,
      `  Tools: ${tools}`,
      `  Conventions: ${conventions}`,
    ].join('\n');
  }

  #signatureOf(message: string): string {
    const signature = errorSignature(redactText(requireString(message, 'errorMessage'), this.#redact));
    if (signature === '') throw new InvalidInputError('errorMessage', 'expected a message with something to recognise');
    return signature;
  }

  #trustIn({ success_count: successes, failure_count: failures, last_used }: ToolStats): number {
    return trustworthiness({ successes, failures, ageMs: this.#clock.now() - Date.parse(last_used) });
  }
}
