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
  optionalStringOrNull,
  REPAIR_ERROR_TYPES,
  type RunTransaction,
  read,
  redactionOf,
  requireInteger,
  requireNumber,
  requireObject,
  requireOneOf,
  requireString,
  toRepairLearning,
} from '@codebuddy/db-core/internal';
import { trustworthiness } from './ranking.ts';
import { prepareStatements } from './statements.ts';

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
    requireObject(details, 'details');
    const identity = {
      pattern: requireString(pattern, 'errorPattern'),
      strategy: requireString(strategy, 'strategy'),
      context_hash: details.contextHash === undefined ? null : requireString(details.contextHash, 'contextHash'),
    };
    const outcome = {
      type: requireOneOf(type, 'errorType', REPAIR_ERROR_TYPES),
      language: optionalStringOrNull(details.language, 'language'),
      framework: optionalStringOrNull(details.framework, 'framework'),
      success: success ? 1 : 0,
      failure: success ? 0 : 1,
      attempts: requireInteger(attempts, 'attempts', { min: 0 }),
      now: this.#now(),
    };
    this.#transaction('analytics.recordRepairAttempt', () => {
      const examples = details.example === undefined ? null : this.#withExample(identity, details.example);
      this.#statements.add.run({ ...identity, ...outcome, examples });
    });
  }

  best(pattern: string, filter: StrategyFilter, limit: number): RepairLearning[] {
    requireInteger(limit, 'limit', { min: 0 });
    requireObject(filter, 'filter');
    const candidates = this.#statements.candidates.all({
      pattern,
      type: filter.errorType ?? null,
      language: filter.language ?? null,
      framework: filter.framework ?? null,
      min_success_rate: requireNumber(filter.minSuccessRate ?? 0, 'minSuccessRate'),
    });
    const now = Date.parse(this.#now());
    return candidates
      .map(toRepairLearning)
      .map((repair) => ({ repair, trust: trustOf(repair, now) }))
      .sort((a, b) => b.trust - a.trust || a.repair.id - b.repair.id)
      .slice(0, limit)
      .map(({ repair }) => repair);
  }

  statistics(): RepairStats {
    const groups = this.#statements.statistics.all().map((row) => ({
      type: read.text(row, 'error_type'),
      count: read.number(row, 'patterns'),
      avgSuccessRate: read.number(row, 'success_rate'),
    }));
    const totalPatterns = groups.reduce((sum, { count }) => sum + count, 0);
    const rates = groups.reduce((sum, { count, avgSuccessRate }) => sum + count * avgSuccessRate, 0);
    return {
      totalPatterns,
      avgSuccessRate: totalPatterns === 0 ? 0 : rates / totalPatterns,
      byErrorType: Object.fromEntries(
        groups.map(({ type, count, avgSuccessRate }) => [type, { count, avgSuccessRate }]),
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
