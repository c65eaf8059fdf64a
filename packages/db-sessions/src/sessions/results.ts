import { fromNanoDollars, type Row, read } from '@codebuddy/db-core/internal';

/** What all sessions, or those of one project, add up to. */
export interface SessionStats {
  readonly totalSessions: number;
  readonly activeSessions: number;
  readonly archivedSessions: number;
  readonly totalMessages: number;
  /** In US dollars. */
  readonly totalCost: number;
  readonly totalTokensIn: number;
  readonly totalTokensOut: number;
}

/** What the sessions of one model cost. */
export interface ModelCost {
  /** `unknown` for sessions that name none. */
  readonly model: string;
  /** In US dollars. */
  readonly cost: number;
  readonly sessions: number;
}

/** How a session is forked. */
export interface ForkOptions {
  /** The last message that the fork shares with its parent. Default: the newest. */
  readonly fromMessageId?: number | undefined;
  /** Default: a new random id. */
  readonly id?: string | undefined;
  /** Default: the parent's. */
  readonly name?: string | undefined;
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
