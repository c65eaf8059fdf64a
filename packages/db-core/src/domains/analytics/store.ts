import type { JsonValue } from '../../codecs/json.ts';
import type { ProjectChoice } from '../../known-names/no-project.ts';
import type { Analytics, RepairErrorType, RepairLearning, ToolStats } from './record.ts';

/** The amounts to add to a day. Absent counts add nothing. */
export type NewAnalytics = {
  readonly [Field in Exclude<keyof Analytics, 'id' | 'date'>]?: Analytics[Field] | null | undefined;
} & {
  /** `YYYY-MM-DD`. */
  readonly date: string;
};

/** The sums of one day. */
export interface DailySummary {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** In US dollars. */
  readonly totalCost: number;
  readonly totalRequests: number;
  readonly totalTokens: number;
  /** In milliseconds. */
  readonly avgResponseTime: number;
}

/** The days that a call looks at: `YYYY-MM-DD`, both included. */
export interface AnalyticsFilter {
  readonly startDate?: string | null | undefined;
  readonly endDate?: string | null | undefined;
  readonly projectId?: ProjectChoice | null | undefined;
  readonly model?: string | null | undefined;
}

/** The use of a tool in all projects. */
export interface TopTool {
  readonly tool_name: string;
  readonly usage: number;
  /** From 0 to 1. */
  readonly success_rate: number;
  readonly avg_time_ms: number;
}

/** The details of a repair besides its outcome. */
export interface RepairDetails {
  readonly contextHash?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly framework?: string | null | undefined;
  /** Kept with the strategy if the repair worked, the newest five. */
  readonly example?: JsonValue | null | undefined;
}

/** The strategies that a recommendation looks at. One that names no language or framework suits any. */
export interface StrategyFilter {
  readonly errorType?: RepairErrorType | null | undefined;
  readonly language?: string | null | undefined;
  readonly framework?: string | null | undefined;
  /** From 0 to 1. */
  readonly minSuccessRate?: number | null | undefined;
}

/** A summary of everything that was learned. */
export interface RepairStats {
  /** Different patterns of errors, however many strategies were tried against each. */
  readonly totalPatterns: number;
  /** The mean of all strategies, from 0 to 1. */
  readonly avgSuccessRate: number;
  /** The same for each type: `count` is that of different patterns. */
  readonly byErrorType: Readonly<Record<string, { readonly count: number; readonly avgSuccessRate: number }>>;
}

/** Stores costs, tool statistics and learned repairs. `AnalyticsRepository` of `@codebuddy/db-analytics` is one. */
export interface AnalyticsStore {
  recordAnalytics(row: NewAnalytics): void;
  getAnalytics(filter?: AnalyticsFilter): Analytics[];
  getDailySummary(days?: number): DailySummary[];
  getTotalCost(filter?: AnalyticsFilter): number;
  recordToolUsage(
    toolName: string,
    success: boolean,
    timeMs: number,
    cacheHit?: boolean | null,
    projectId?: string | null,
  ): void;
  getToolStats(projectId?: string | null): ToolStats[];
  getTopTools(limit?: number): TopTool[];
  recordRepairAttempt(
    errorPattern: string,
    errorType: RepairErrorType,
    strategy: string,
    success: boolean,
    attempts: number,
    details?: RepairDetails,
  ): void;
  getBestStrategies(errorPattern: string, filter?: StrategyFilter, limit?: number): RepairLearning[];
  getRepairStats(): RepairStats;
  deleteOldAnalytics(daysToKeep?: number, options?: { readonly dryRun?: boolean | null | undefined }): number;
  resetStats(): void;
}
