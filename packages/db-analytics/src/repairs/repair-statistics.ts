import type {
  Database,
  JsonValue,
  Redact,
  RepairDetails,
  RepairErrorType,
  RepairLearning,
  RepairStats,
  StrategyFilter,
} from '@codebuddy/db-core';
import {
  contextOf,
  decodeJson,
  encodeJson,
  type NamesOf,
  optionalStringOrNull,
  REPAIR_ERROR_TYPES,
  type RunTransaction,
  read,
  readOptions,
  redactionOf,
  requireInteger,
  requireNumber,
  requireOneOf,
  requireString,
  toRepairLearning,
} from '@codebuddy/db-core/internal';
import { pooled } from './pooled-evidence.ts';
import { trustworthiness } from './ranking.ts';
import { prepareStatements } from './statements.ts';

const DETAIL_NAMES: NamesOf<RepairDetails> = { contextHash: true, language: true, framework: true, example: true };

const STRATEGY_NAMES: NamesOf<StrategyFilter> = {
  errorType: true,
  language: true,
  framework: true,
  minSuccessRate: true,
};

const KEPT_EXAMPLES = 5;

/** The table `repair_learning`: a row for each pattern of error, strategy and context. */
export class RepairStatistics {
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #transaction: RunTransaction;
  readonly #now: () => string;
  readonly #redact: Redact | undefined;

  constructor(db: Database, now: () => string) {
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
    this.#now = now;
    this.#redact = redactionOf(db);
  }

  add(
    pattern: string,
    type: RepairErrorType,
    strategy: string,
    success: boolean,
    attempts: number,
    details: RepairDetails,
  ): void {
    const { contextHash, language, framework, example } = readOptions(details, DETAIL_NAMES, 'details');
    const identity = {
      pattern: requireString(pattern, 'errorPattern'),
      strategy: requireString(strategy, 'strategy'),
      context_hash: contextHash === undefined ? null : requireString(contextHash, 'contextHash'),
    };
    const outcome = {
      type: requireOneOf(type, 'errorType', REPAIR_ERROR_TYPES),
      language: optionalStringOrNull(language, 'language'),
      framework: optionalStringOrNull(framework, 'framework'),
      success: success ? 1 : 0,
      failure: success ? 0 : 1,
      attempts: requireInteger(attempts, 'attempts', { min: 0 }),
      now: this.#now(),
    };
    this.#transaction('analytics.recordRepairAttempt', () => {
      const examples = success && example !== undefined ? this.#withExample(identity, example) : null;
      this.#statements.add.run({ ...identity, ...outcome, examples });
    });
  }

  /** @param patterns - those that count as one */
  best(patterns: readonly string[], filter: StrategyFilter, limit: number): RepairLearning[] {
    requireInteger(limit, 'limit', { min: 0 });
    const given = readOptions(filter, STRATEGY_NAMES, 'filter');
    const candidates = this.#statements.candidates.all({
      patterns: JSON.stringify(patterns.map((pattern) => requireString(pattern, 'errorPattern'))),
      type: given.errorType ?? null,
      language: given.language ?? null,
      framework: given.framework ?? null,
    });
    const minSuccessRate = requireNumber(given.minSuccessRate ?? 0, 'minSuccessRate');
    const now = Date.parse(this.#now());
    return pooled(candidates.map(toRepairLearning), KEPT_EXAMPLES)
      .filter((repair) => repair.success_rate >= minSuccessRate)
      .map((repair) => ({ repair, trust: trustOf(repair, now) }))
      .sort((a, b) => b.trust - a.trust || a.repair.id - b.repair.id)
      .slice(0, limit)
      .map(({ repair }) => repair);
  }

  statistics(): RepairStats {
    const rows = this.#statements.statistics.all();
    const groups = rows.map((row) => ({
      type: read.text(row, 'error_type'),
      count: read.number(row, 'patterns'),
      strategies: read.number(row, 'strategies'),
      rates: read.number(row, 'success_rates'),
    }));
    const strategies = groups.reduce((sum, group) => sum + group.strategies, 0);
    const rates = groups.reduce((sum, group) => sum + group.rates, 0);
    return {
      totalPatterns: rows[0] === undefined ? 0 : read.number(rows[0], 'all_patterns'),
      avgSuccessRate: strategies === 0 ? 0 : rates / strategies,
      byErrorType: Object.fromEntries(
        groups.map((group) => [group.type, { count: group.count, avgSuccessRate: group.rates / group.strategies }]),
      ),
    };
  }

  #withExample(
    identity: { pattern: string; strategy: string; context_hash: string | null },
    example: JsonValue,
  ): string {
    const row = this.#statements.examples.get(identity);
    const earlier = row === undefined ? undefined : read.optionalJson(row, 'examples');
    const kept = decodeJson(encodeJson(example, 'example', this.#redact));
    const examples = [...(Array.isArray(earlier) ? earlier : []), kept].slice(-KEPT_EXAMPLES);
    return encodeJson(examples, 'example');
  }
}

function trustOf(repair: RepairLearning, now: number): number {
  const { success_count: successes, failure_count: failures } = repair;
  return trustworthiness({ successes, failures, ageMs: now - Date.parse(repair.last_used) });
}
