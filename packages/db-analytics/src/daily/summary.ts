import type { AnalyticsTotals } from './daily-analytics.ts';

/** The sums over some days. */
export interface AnalyticsSummary {
  readonly period: { readonly startDate: string; readonly endDate: string };
  /** In US dollars. */
  readonly totalCost: number;
  readonly totalRequests: number;
  readonly totalTokens: { readonly in: number; readonly out: number };
  /** In milliseconds. */
  readonly avgResponseTime: number;
  /** From 0 to 1. */
  readonly cacheHitRate: number;
  /** From 0 to 1. */
  readonly errorRate: number;
  readonly byModel: Readonly<Record<string, AnalyticsTotals>>;
  /** Against the same number of days before; a change below a tenth is `stable`. */
  readonly trend: 'increasing' | 'decreasing' | 'stable';
}

/** Compares what was spent with what was spent before: see {@link AnalyticsSummary.trend}. */
export function trendOf(before: number, after: number): AnalyticsSummary['trend'] {
  if (after > before * 1.1) return 'increasing';
  return after < before * 0.9 ? 'decreasing' : 'stable';
}
