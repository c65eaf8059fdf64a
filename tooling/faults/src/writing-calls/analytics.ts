import { AnalyticsRepository, PersistentAnalytics, PersistentLearning } from '@codebuddy/db-analytics';
import type { Database } from '@codebuddy/db-core';
import { list } from '../consistency.ts';
import { dayOf, numberOf, type Stage, textOf, type WritingCall, type WritingCalls } from './writing-call.ts';

const REQUEST = { model: 'grok-3', tokensIn: 10, tokensOut: 5, responseTimeMs: 5 };

/** The key of a reservation is its amount in nano-dollars, which begins at 1. */
const RESERVED = "SELECT 'n' || (amount_nanos - 1) FROM budget_reservations";
const amountOf = (key: string) => (numberOf(key) + 1) / 1e9;

/** A day of its own for each key. */
function storeDays({ db, manager }: Stage, keys: readonly string[]): void {
  const analytics = new AnalyticsRepository(db);
  manager.transaction(() => {
    for (const key of keys) analytics.recordAnalytics({ date: dayOf(numberOf(key)), model: key, requests: 1 });
  });
}

function storeReservations({ db, manager }: Stage, keys: readonly string[]): void {
  const analytics = new PersistentAnalytics({}, { db });
  manager.transaction(() => {
    for (const key of keys) analytics.reserve(amountOf(key));
  });
}

/** The ids of reservations, by their keys. */
function reservationsOf(db: Database): ReadonlyMap<string, string> {
  const ids = list(db, 'SELECT id FROM budget_reservations ORDER BY amount_nanos');
  return new Map(ids.map((id, number) => [`n${number}`, id]));
}

/** Deletes the days up to that of the key, and so one more with each call. */
function deletesDays(deleteBefore: (db: Database, clock: () => number) => (days: number) => unknown): WritingCall {
  return {
    prepare: storeDays,
    begin: ({ db }) => {
      let now = Date.parse(dayOf(0));
      const deleteOlder = deleteBefore(db, () => now);
      return (key) => {
        now = Date.parse(dayOf(numberOf(key) + 91));
        deleteOlder(90);
      };
    },
    deleted: 'SELECT model FROM analytics',
  };
}

export const analyticsCalls: WritingCalls = {
  'AnalyticsRepository.recordAnalytics': {
    begin: ({ db }) => {
      const analytics = new AnalyticsRepository(db);
      return (key) => analytics.recordAnalytics({ date: dayOf(0), model: key, project_id: textOf('p'), requests: 1 });
    },
    stored: 'SELECT model FROM analytics',
  },
  'AnalyticsRepository.recordToolUsage': {
    begin: ({ db }) => {
      const analytics = new AnalyticsRepository(db);
      return (key) => analytics.recordToolUsage(key, true, 10, false, textOf('p'));
    },
    stored: 'SELECT tool_name FROM tool_stats',
  },
  'AnalyticsRepository.recordRepairAttempt': {
    begin: ({ db }) => {
      const analytics = new AnalyticsRepository(db);
      return (key) => analytics.recordRepairAttempt(key, 'type', 'strategy', true, 1, { example: textOf('x') });
    },
    stored: 'SELECT error_pattern FROM repair_learning',
  },
  'AnalyticsRepository.deleteOldAnalytics': deletesDays((db, clock) => {
    const analytics = new AnalyticsRepository(db, { clock, timeZone: 'UTC' });
    return (days) => analytics.deleteOldAnalytics(days);
  }),
  'AnalyticsRepository.resetStats': {
    prepare: (stage, keys) => {
      storeDays(stage, keys);
      const analytics = new AnalyticsRepository(stage.db);
      stage.manager.transaction(() => {
        for (const key of keys) analytics.recordToolUsage(key, true, 10, false, textOf('p'));
      });
    },
    begin: ({ db }) => {
      const analytics = new AnalyticsRepository(db);
      return () => analytics.resetStats();
    },
    deleted: 'SELECT model FROM analytics UNION ALL SELECT tool_name FROM tool_stats',
    rows: 2,
    together: true,
  },
  'AnalyticsRepository.importCosts': {
    begin: ({ db }) => {
      const analytics = new AnalyticsRepository(db);
      return (key) =>
        analytics.importCosts([
          { key, date: dayOf(0), model: textOf(key), cost: 1, tokensIn: 1, tokensOut: 1, sessions: 1 },
        ]);
    },
    stored: "SELECT key FROM imported_costs UNION ALL SELECT substr(model, 1, instr(model, ' ') - 1) FROM analytics",
    rows: 2,
  },
  'PersistentAnalytics.record': {
    begin: ({ db }) => {
      const analytics = new PersistentAnalytics({ daily: 0.001 }, { db });
      return (key) => analytics.record({ ...REQUEST, requestId: key, model: key, projectId: textOf('p') });
    },
    stored: 'SELECT request_id FROM usage_requests UNION ALL SELECT model FROM analytics',
    rows: 2,
  },
  'PersistentAnalytics.recordSession': {
    begin: ({ db }) => {
      const analytics = new PersistentAnalytics({}, { db });
      return (key) => analytics.recordSession(textOf(key));
    },
    stored: "SELECT substr(project_id, 1, instr(project_id, ' ') - 1) FROM analytics",
  },
  'PersistentAnalytics.reserve': {
    begin: ({ db }) => {
      const analytics = new PersistentAnalytics({}, { db, sessionId: textOf('s') });
      return (key) => analytics.reserve(amountOf(key));
    },
    stored: RESERVED,
  },
  'PersistentAnalytics.settle': {
    prepare: storeReservations,
    begin: ({ db }) => {
      const analytics = new PersistentAnalytics({}, { db });
      const reservations = reservationsOf(db);
      return (key) => analytics.settle(reservations.get(key) ?? '', { ...REQUEST, requestId: key });
    },
    stored: 'SELECT request_id FROM usage_requests',
    deleted: RESERVED,
  },
  'PersistentAnalytics.cancel': {
    prepare: storeReservations,
    begin: ({ db }) => {
      const analytics = new PersistentAnalytics({}, { db });
      const reservations = reservationsOf(db);
      return (key) => analytics.cancel(reservations.get(key) ?? '');
    },
    deleted: RESERVED,
  },
  'PersistentAnalytics.cleanup': deletesDays((db, clock) => {
    const analytics = new PersistentAnalytics({}, { db, clock, timeZone: 'UTC' });
    return (days) => analytics.cleanup(days);
  }),
  'PersistentLearning.recordRepairAttempt': {
    begin: ({ db }) => {
      const learning = new PersistentLearning({ db });
      const attempt = { errorMessage: 'Cannot find x', errorType: 'compile', success: true, attempts: 1 } as const;
      return (key) => learning.recordRepairAttempt({ ...attempt, strategy: key, fixCode: textOf('x') });
    },
    stored: 'SELECT strategy FROM repair_learning',
  },
  'PersistentLearning.recordConvention': {
    begin: ({ db }) => {
      const learning = new PersistentLearning({ db });
      return (key) =>
        learning.recordConvention({ projectId: 'p', category: 'naming', pattern: key, example: textOf('x') });
    },
    stored: 'SELECT pattern FROM conventions',
  },
  'PersistentLearning.recordToolUsage': {
    begin: ({ db }) => {
      const learning = new PersistentLearning({ db });
      return (key) => learning.recordToolUsage({ toolName: key, success: true, timeMs: 10, projectId: textOf('p') });
    },
    stored: 'SELECT tool_name FROM tool_stats',
  },
};

export const analyticsReads = [
  'AnalyticsRepository.getAnalytics',
  'AnalyticsRepository.getDailySummary',
  'AnalyticsRepository.getTotalCost',
  'AnalyticsRepository.getToolStats',
  'AnalyticsRepository.getTopTools',
  'AnalyticsRepository.getBestStrategies',
  'AnalyticsRepository.getRepairStats',
  'AnalyticsRepository.locateCosts',
  'PersistentAnalytics.calculateCost',
  'PersistentAnalytics.getSessionCost',
  'PersistentAnalytics.getDailyCost',
  'PersistentAnalytics.getWeeklyCost',
  'PersistentAnalytics.getMonthlyCost',
  'PersistentAnalytics.getSummary',
  'PersistentAnalytics.getDailySummaries',
  'PersistentAnalytics.getBudgetStatus',
  'PersistentAnalytics.setBudget',
  'PersistentAnalytics.export',
  'PersistentAnalytics.exportCSV',
  'PersistentAnalytics.formatDashboard',
  'PersistentLearning.getBestRepairStrategies',
  'PersistentLearning.getProjectConventions',
  'PersistentLearning.getToolStats',
  'PersistentLearning.getBestToolForTask',
  'PersistentLearning.generateInsights',
  'PersistentLearning.getStats',
  'PersistentLearning.formatStats',
];
