import type { PersistentAnalytics } from '@codebuddy/db-analytics';
import { formatStatistics } from '@codebuddy/db-core/internal';
import type { CostSummary, IntegrationStats } from './integration-types.ts';

/** Writes the statistics of every part for people. */
export function formatIntegrationStats({ database, memory, session, embedding, cache }: IntegrationStats): string {
  const count = (value: number) => value.toLocaleString('en-US');
  return [
    formatStatistics(database),
    `  Average importance of memories: ${memory.avgImportance.toFixed(2)}`,
    `  Messages: ${count(session.totalMessages)}, in ${count(session.activeSessions)} active sessions`,
    `  Cost of all sessions: $${session.totalCost.toFixed(2)}`,
    `  Files with code embeddings: ${count(embedding.totalFiles)}`,
    `  Cache hits: ${count(cache.totalHits)}`,
  ].join('\n');
}

/** Adds up what was spent, of the session that was used last among it. */
export function summarizeCosts(analytics: PersistentAnalytics, session: string | undefined): CostSummary {
  return {
    session: session === undefined ? 0 : analytics.getSessionCost(session),
    daily: analytics.getDailyCost(),
    weekly: analytics.getWeeklyCost(),
    monthly: analytics.getMonthlyCost(),
  };
}
