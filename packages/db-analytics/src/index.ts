export type {
  AnalyticsFilter,
  DailySummary,
  NewAnalytics,
  RepairDetails,
  RepairStats,
  StrategyFilter,
  TopTool,
} from '@codebuddy/db-core';
export {
  type AnalyticsOptions,
  AnalyticsRepository,
  getAnalyticsRepository,
  resetAnalyticsRepository,
} from './analytics-repository.ts';
export {
  BUDGET_PERIODS,
  type Budget,
  type BudgetAlert,
  type BudgetPeriod,
  type BudgetStatus,
} from './budgets/budgets.ts';
export type { ConventionFilter, SeenConvention } from './conventions/conventions.ts';
export type { AnalyticsTotals } from './daily/daily-analytics.ts';
export type { AnalyticsSummary } from './daily/summary.ts';
export {
  PersistentAnalytics,
  type PersistentAnalyticsEvents,
  type PersistentAnalyticsOptions,
} from './persistent-analytics.ts';
export {
  type Insight,
  type LearningStats,
  PersistentLearning,
  type PersistentLearningEvents,
  type RepairAttempt,
  type StrategyOptions,
  type ToolUsage,
} from './persistent-learning.ts';
export { DEFAULT_PRICES } from './prices/default-prices.ts';
export type { ModelPrice, PriceTable, TokenCounts } from './prices/price-table.ts';
export { errorSignature } from './repairs/error-signature.ts';
export {
  getPersistentAnalytics,
  getPersistentLearning,
  resetPersistentAnalytics,
  resetPersistentLearning,
} from './shared-services.ts';
export type { RequestRecord } from './usage/request-recorder.ts';
