import { BudgetExceededError, type Database } from '@codebuddy/db-core';
import {
  formatTimestamp,
  fromNanoDollars,
  type NamesOf,
  randomId,
  read,
  refuseUnknownNames,
  requireInteger,
  requireObject,
  type Transaction,
  toNanoDollars,
} from '@codebuddy/db-core/internal';
import { startOfMonth, startOfWeek } from '../calendar.ts';
import { prepareStatements } from '../usage/statements.ts';

/** The periods that a budget can be for. */
export const BUDGET_PERIODS = ['session', 'daily', 'weekly', 'monthly'] as const;

/** A period that a budget can be for. */
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** The limit of each period, in US dollars; `null` takes a limit away. */
export type Budget = { readonly [Period in BudgetPeriod]?: number | null | undefined };

const BUDGET_NAMES: NamesOf<Budget> = { session: true, daily: true, weekly: true, monthly: true };

/** The state of a budget. */
export interface BudgetStatus {
  /** In US dollars, like the two that follow. */
  readonly limit: number;
  readonly used: number;
  /** Never below 0. */
  readonly remaining: number;
  /** From 0, and above 100 if the budget is exceeded. */
  readonly percentage: number;
}

/** A budget that has reached a threshold. */
export interface BudgetAlert {
  /** `warning` from 80 %, `exceeded` from 100 %. */
  readonly type: 'warning' | 'exceeded';
  readonly budget: BudgetPeriod;
  /** In US dollars. */
  readonly limit: number;
  /** In US dollars. */
  readonly current: number;
  readonly percentage: number;
}

const WARNING_PERCENTAGE = 80;

/** The session, day and instant that money is spent at. */
export interface SpendingContext {
  readonly sessionId: string;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
}

/** Compares what is spent and reserved, by all processes, with the limits of each period. */
export class Budgets {
  readonly #statements: ReturnType<typeof prepareStatements>;
  #limits: ReadonlyMap<BudgetPeriod, number> = new Map();

  constructor(db: Database, budget: Budget) {
    this.#statements = prepareStatements(db);
    this.setLimits(budget);
  }

  /** Whether there is any limit. */
  get areLimited(): boolean {
    return this.#limits.size > 0;
  }

  /** The limits, in US dollars. */
  get limits(): { readonly [Period in BudgetPeriod]?: number } {
    return Object.fromEntries(Array.from(this.#limits, ([period, limit]) => [period, fromNanoDollars(limit)]));
  }

  /** Sets the limits that are given; the others stay. */
  setLimits(budget: Budget): void {
    refuseUnknownNames(requireObject(budget, 'budget'), BUDGET_NAMES, {}, 'budget');
    const limits = new Map(this.#limits);
    for (const period of BUDGET_PERIODS) {
      const limit = budget[period];
      if (limit === null) limits.delete(period);
      else if (limit !== undefined) limits.set(period, toNanoDollars(limit, period));
    }
    this.#limits = limits;
  }

  status(context: SpendingContext): { readonly [Period in BudgetPeriod]?: BudgetStatus } {
    return Object.fromEntries(
      Array.from(this.#limits, ([period, limit]) => {
        const used = this.#spent(period, context);
        const status: BudgetStatus = {
          limit: fromNanoDollars(limit),
          used: fromNanoDollars(used),
          remaining: fromNanoDollars(Math.max(0, limit - used)),
          percentage: percentageOf(used, limit),
        };
        return [period, status];
      }),
    );
  }

  /** Returns the thresholds that were reached just now: each once for its period, whichever process is first. */
  takeAlerts(context: SpendingContext): BudgetAlert[] {
    const alerts: BudgetAlert[] = [];
    for (const [period, limit] of this.#limits) {
      const spent = this.#spent(period, context);
      const percentage = percentageOf(spent, limit);
      if (percentage < WARNING_PERCENTAGE) continue;
      const type = percentage >= 100 ? 'exceeded' : 'warning';
      const key = { period: periodKey(period, context), threshold: type, limit_nanos: limit };
      if (this.#statements.alert.run(key).changes === 0) continue;
      alerts.push({ type, budget: period, limit: fromNanoDollars(limit), current: fromNanoDollars(spent), percentage });
    }
    return alerts;
  }

  /**
   * Sets an amount aside, so that no other process can spend it.
   *
   * @param ttlMs - after this many milliseconds a reservation that was never settled no longer counts
   * @throws BudgetExceededError when a budget has not so much left
   */
  reserve(_transaction: Transaction, amount: number, ttlMs: number, context: SpendingContext): string {
    const amountNanos = toNanoDollars(amount, 'amount');
    const now = formatTimestamp(context.now);
    this.#statements.releaseExpired.run({ now });
    for (const [period, limit] of this.#limits) {
      const left = limit - this.#spent(period, context) - this.#reserved(period, context);
      if (amountNanos > left) {
        throw new BudgetExceededError(
          `The ${period} budget of $${fromNanoDollars(limit)} has $${fromNanoDollars(Math.max(0, left))} left, ` +
            `$${amount} were asked for. Raise the budget, or wait for the next period.`,
        );
      }
    }
    const id = randomId();
    const expires = context.now + requireInteger(ttlMs, 'ttlMs', { min: 1 });
    this.#statements.reserve.run({
      id,
      session_id: context.sessionId,
      date: context.today,
      amount_nanos: amountNanos,
      expires_at: formatTimestamp(expires),
    });
    return id;
  }

  /** Gives back what was set aside, and returns whether it still was. */
  release(reservationId: string): boolean {
    return this.#statements.release.run({ id: reservationId }).changes > 0;
  }

  sessionCost(sessionId: string): number {
    return fromNanoDollars(read.number(this.#statements.spentBySession.one({ sessionId, fromRoot: 0 }), 'nanos'));
  }

  #spent(period: BudgetPeriod, { sessionId, today }: SpendingContext): number {
    if (period === 'session')
      return read.number(this.#statements.spentBySession.one({ sessionId, fromRoot: 1 }), 'nanos');
    return read.number(this.#statements.spentSince.one({ date: startOf(period, today) }), 'nanos');
  }

  #reserved(period: BudgetPeriod, { sessionId, today, now: instant }: SpendingContext): number {
    const now = formatTimestamp(instant);
    if (period === 'session')
      return read.number(this.#statements.reservedBySession.one({ sessionId, fromRoot: 1, now }), 'nanos');
    return read.number(this.#statements.reservedSince.one({ date: startOf(period, today), now }), 'nanos');
  }
}

/** The first day of a period. */
export function startOf(period: Exclude<BudgetPeriod, 'session'>, today: string): string {
  if (period === 'daily') return today;
  return period === 'weekly' ? startOfWeek(today) : startOfMonth(today);
}

function periodKey(period: BudgetPeriod, { sessionId, today }: SpendingContext): string {
  return `${period}:${period === 'session' ? sessionId : startOf(period, today)}`;
}

function percentageOf(used: number, limit: number): number {
  if (limit === 0) return used === 0 ? 0 : 100;
  return (used / limit) * 100;
}
