import type { Database } from '@codebuddy/db-core';
import {
  formatTimestamp,
  fromNanoDollars,
  type Given,
  type NamesOf,
  randomId,
  readOptions,
  readRecord,
  requireInteger,
  requireNumber,
  requireString,
  type Transaction,
  toNanoDollars,
} from '@codebuddy/db-core/internal';
import type { BudgetAlert, Budgets, SpendingContext } from '../budgets/budgets.ts';
import type { DailyAnalytics } from '../daily/daily-analytics.ts';
import {
  checkPriceTable,
  costInNanos,
  type ModelPrice,
  type PriceTable,
  priceOf,
  type TokenCounts,
} from '../prices/price-table.ts';
import { UsageLog } from './usage-log.ts';

/** One request to a model. */
export interface RequestRecord extends TokenCounts {
  readonly model: string;
  /** In US dollars. Default: calculated from the price table. */
  readonly cost?: number | null | undefined;
  /** Absent: use that is no request of its own, and weighs nothing in the averages. */
  readonly responseTimeMs?: number | null | undefined;
  readonly cacheHit?: boolean | null | undefined;
  readonly toolCalls?: number | null | undefined;
  readonly error?: boolean | null | undefined;
  readonly projectId?: string | null | undefined;
  /** Names the request: it counts once, however often it is recorded. Default: a new random name. */
  readonly requestId?: string | null | undefined;
  /** The session that made the request, a sub-agent's for instance. Default: the one of these analytics. */
  readonly sessionId?: string | null | undefined;
}

const TOKEN_NAMES: NamesOf<TokenCounts> = {
  tokensIn: true,
  tokensOut: true,
  cacheReadTokens: true,
  cacheWriteTokens: true,
};

const REQUEST_NAMES: NamesOf<RequestRecord> = {
  ...TOKEN_NAMES,
  model: true,
  cost: true,
  responseTimeMs: true,
  cacheHit: true,
  toolCalls: true,
  error: true,
  projectId: true,
  requestId: true,
  sessionId: true,
};

/** The outcome of recording a request. */
export interface RecordedRequest {
  /** In US dollars. */
  readonly cost: number;
  /** The budgets that have reached a threshold by it. */
  readonly alerts: readonly BudgetAlert[];
  /** Whether it had not been recorded before. */
  readonly isNew: boolean;
}

/** Writes a request to the log and adds it to its day, with the price of the moment. */
export class RequestRecorder {
  readonly #log: UsageLog;
  readonly #daily: DailyAnalytics;
  readonly #budgets: Budgets;
  readonly #prices: PriceTable;
  readonly #unknownPrice: (model: string, asOf: string) => void;
  readonly #modelsWithoutPrice = new Set<string>();

  /** @param unknownPrice - told once of each model that has no price */
  constructor(
    db: Database,
    daily: DailyAnalytics,
    budgets: Budgets,
    prices: PriceTable,
    unknownPrice: (model: string, asOf: string) => void,
  ) {
    this.#log = new UsageLog(db);
    this.#daily = daily;
    this.#budgets = budgets;
    this.#prices = checkPriceTable(prices);
    this.#unknownPrice = unknownPrice;
  }

  /** Records a request once, and returns what it cost and which budgets have reached a threshold by it. */
  record(_transaction: Transaction, record: RequestRecord, context: SpendingContext): RecordedRequest {
    const request = readRecord(record, REQUEST_NAMES, {}, 'request');
    const tokens = checkTokens(request);
    const price = request.cost === undefined ? this.#priceOf(request.model) : undefined;
    const costNanos = request.cost === undefined ? nanosOf(price, tokens) : toNanoDollars(request.cost);
    const sessionId = request.sessionId ?? context.sessionId;
    const isNew = this.#log.add({
      ...tokens,
      requestId: request.requestId ?? randomId(),
      requestedAt: formatTimestamp(context.now),
      date: context.today,
      sessionId,
      projectId: request.projectId,
      model: request.model,
      costNanos,
      price,
    });
    if (!isNew) return { cost: 0, alerts: [], isNew };
    const cost = fromNanoDollars(costNanos);
    this.#daily.add({
      date: context.today,
      model: request.model,
      ...(request.projectId === undefined ? {} : { project_id: request.projectId }),
      tokens_in: tokens.tokensIn,
      tokens_out: tokens.tokensOut,
      cache_read_tokens: tokens.cacheReadTokens,
      cache_write_tokens: tokens.cacheWriteTokens,
      cost,
      requests: request.responseTimeMs === undefined ? 0 : 1,
      tool_calls: request.toolCalls ?? 0,
      errors: request.error === true ? 1 : 0,
      avg_response_time_ms: requireNumber(request.responseTimeMs ?? 0, 'responseTimeMs', { min: 0 }),
      cache_hit_rate: request.cacheHit === true ? 1 : 0,
    });
    return { cost, isNew, alerts: this.#budgets.takeAlerts({ ...context, sessionId }) };
  }

  /** Calculates what tokens cost, in US dollars; 0 for a model without a price. */
  costOf(model: string, tokens: TokenCounts): number {
    const given = readOptions(tokens, TOKEN_NAMES, 'tokens');
    return fromNanoDollars(nanosOf(this.#priceOf(model), checkTokens(given)));
  }

  #priceOf(model: string): ModelPrice | undefined {
    const price = priceOf(this.#prices, requireString(model, 'model'));
    if (price === undefined && !this.#modelsWithoutPrice.has(model)) {
      this.#modelsWithoutPrice.add(model);
      this.#unknownPrice(model, this.#prices.asOf);
    }
    return price;
  }
}

function nanosOf(price: ModelPrice | undefined, tokens: TokenCounts): number {
  return price === undefined ? 0 : costInNanos(price, tokens);
}

function checkTokens(request: Given<TokenCounts>): Required<{ [Part in keyof TokenCounts]: number }> {
  const count = (field: keyof TokenCounts) => requireInteger(request[field] ?? 0, field, { min: 0 });
  return {
    tokensIn: count('tokensIn'),
    tokensOut: count('tokensOut'),
    cacheReadTokens: count('cacheReadTokens'),
    cacheWriteTokens: count('cacheWriteTokens'),
  };
}
