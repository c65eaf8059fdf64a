import { type ModelCost, NotFoundError, type SessionStats } from '@codebuddy/db-core';
import { fromNanoDollars, type Row, read } from '@codebuddy/db-core/internal';

/** @throws NotFoundError when there is no such record */
export function requireFound<Found>(found: Found | null, what: string): Found {
  if (found === null) throw new NotFoundError(what);
  return found;
}

/** Turns the sums over sessions into what is told of them. */
export function toSessionStats(row: Row): SessionStats {
  const totalSessions = read.number(row, 'sessions');
  const archivedSessions = read.number(row, 'archived');
  return {
    totalSessions,
    activeSessions: totalSessions - archivedSessions,
    archivedSessions,
    totalMessages: read.number(row, 'messages'),
    totalCost: fromNanoDollars(read.number(row, 'cost_nanos')),
    totalTokensIn: read.number(row, 'tokens_in'),
    totalTokensOut: read.number(row, 'tokens_out'),
  };
}

/** Turns the sums over a model's sessions into what is told of them. */
export function toModelCost(row: Row): ModelCost {
  return {
    model: read.text(row, 'model'),
    cost: fromNanoDollars(read.number(row, 'cost_nanos')),
    sessions: read.number(row, 'sessions'),
  };
}
