import { formatStatistics } from '@codebuddy/db-core/internal';
import type { IntegrationStats } from './integration-types.ts';

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
