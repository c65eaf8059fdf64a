import type { DailySummary } from '@codebuddy/db-core';
import type { BudgetStatus } from './budgets/budgets.ts';
import type { AnalyticsSummary } from './daily/summary.ts';

const BAR = 24;

/** The content of a dashboard. */
export interface DashboardContent {
  readonly costs: {
    readonly session: number;
    readonly daily: number;
    readonly weekly: number;
    readonly monthly: number;
  };
  readonly summary: AnalyticsSummary;
  readonly days: readonly DailySummary[];
  readonly budgets: Readonly<Record<string, BudgetStatus>>;
}

/** Writes a dashboard for a terminal. */
export function formatDashboard({ costs, summary, days, budgets }: DashboardContent): string {
  const { totalRequests, totalTokens, avgResponseTime, cacheHitRate, errorRate, byModel } = summary;
  const dearest = Math.max(...days.map(({ totalCost }) => totalCost), 0);
  return [
    'Costs',
    `  this session ${dollars(costs.session)}   today ${dollars(costs.daily)}   week ${dollars(costs.weekly)}   month ${dollars(costs.monthly)}`,
    '',
    `${summary.period.startDate} to ${summary.period.endDate}: ${dollars(summary.totalCost)}, ${summary.trend}`,
    `  ${count(totalRequests)} requests, ${count(totalTokens.in)} tokens in, ${count(totalTokens.out)} out`,
    `  ${avgResponseTime.toFixed(0)} ms on average, ${percent(cacheHitRate)} from the cache, ${percent(errorRate)} failed`,
    ...Object.entries(byModel).map(
      ([model, { cost, requests }]) => `  ${model.padEnd(24)} ${dollars(cost)}   ${count(requests)} requests`,
    ),
    ...section(
      'Days',
      days.map((day) => `  ${day.date} ${bar(day.totalCost, dearest)} ${dollars(day.totalCost)}`),
    ),
    ...section(
      'Budgets',
      Object.entries(budgets).map(
        ([period, { used, limit, percentage }]) =>
          `  ${period.padEnd(8)} ${bar(Math.min(used, limit), limit)} ${dollars(used)} of ${dollars(limit)} (${percentage.toFixed(0)} %)`,
      ),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function bar(value: number, most: number): string {
  const filled = most === 0 ? 0 : Math.round((value / most) * BAR);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
}

const dollars = (amount: number) => `$${amount.toFixed(amount > 0 && amount < 0.01 ? 4 : 2)}`;
const count = (value: number) => value.toLocaleString('en-US');
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
