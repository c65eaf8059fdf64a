import * as analytics from '@codebuddy/db-analytics';
import type { PublicModule } from './public-object.ts';

const days = { startDate: '2025-12-01', endDate: '2026-01-31', projectId: 'p', model: 'm' };

export const analyticsModule: PublicModule = {
  exports: analytics,
  objects: {
    AnalyticsRepository: ({ db }) => ({ target: new analytics.AnalyticsRepository(db), calls: analyticsCalls() }),
    PersistentAnalytics: ({ db }) => ({
      target: new analytics.PersistentAnalytics({ daily: 100 }, { db }),
      calls: spendingCalls(),
    }),
    PersistentLearning: ({ db }) => ({ target: new analytics.PersistentLearning({ db }), calls: learningCalls() }),
  },
  functions: ({ db }) => ({
    target: {
      'new AnalyticsRepository': (options: object) =>
        new analytics.AnalyticsRepository(db, options).recordToolUsage('grep', true, 1),
      'new PersistentAnalytics': (budget: object, options: object) =>
        new analytics.PersistentAnalytics(budget, { ...options, db }).record({ model: 'm', tokensIn: 1, tokensOut: 1 }),
      'new PersistentLearning': (options: object) =>
        new analytics.PersistentLearning({ ...options, db }).recordToolUsage({
          toolName: 'grep',
          success: true,
          timeMs: 1,
        }),
      errorSignature: analytics.errorSignature,
    },
    calls: {
      'new AnalyticsRepository': [{ clock: () => 1, timeZone: 'UTC' }],
      'new PersistentAnalytics': [
        { session: 1, daily: 2, weekly: 3, monthly: 4 },
        {
          clock: () => 1,
          timeZone: 'UTC',
          sessionId: 's',
          prices: { asOf: '2026-01-01', models: { m: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 } } },
        },
      ],
      'new PersistentLearning': [{ clock: () => 1 }],
      errorSignature: ['Cannot find name x'],
    },
  }),
  withoutInput: [
    'getAnalyticsRepository',
    // Its limits go to `setBudget`.
    'getPersistentAnalytics',
    'getPersistentLearning',
    'resetAnalyticsRepository',
    'resetPersistentAnalytics',
    'resetPersistentLearning',
  ],
};

function analyticsCalls() {
  const row = {
    date: '2026-01-01',
    project_id: 'p',
    model: 'm',
    tokens_in: 1,
    tokens_out: 2,
    cost: 0.5,
    requests: 1,
    tool_calls: 1,
    errors: 0,
    avg_response_time_ms: 10,
    cache_hit_rate: 0.5,
    session_count: 1,
  };
  const details = { contextHash: 'c', language: 'ts', framework: 'f', example: 'x' };
  const cost = { key: 'k', date: '2026-01-01', model: 'm', cost: 1, tokensIn: 1, tokensOut: 1, sessions: 1 };
  return {
    recordAnalytics: [row],
    getAnalytics: [days],
    getDailySummary: [30],
    getTotalCost: [days],
    recordToolUsage: ['grep', true, 10, false, 'p'],
    getToolStats: ['p'],
    getTopTools: [3],
    recordRepairAttempt: ['pattern', 'type', 'strategy', true, 1, details],
    getBestStrategies: ['pattern', { errorType: 'type', language: 'ts', framework: 'f', minSuccessRate: 0.1 }, 3],
    getRepairStats: [],
    deleteOldAnalytics: [90, { dryRun: true }],
    resetStats: [],
    importCosts: [[cost]],
    locateCosts: [['k']],
  };
}

function spendingCalls() {
  const request = {
    model: 'grok-3',
    tokensIn: 10,
    tokensOut: 5,
    cost: 0.1,
    responseTimeMs: 5,
    cacheHit: false,
    toolCalls: 1,
    error: false,
    projectId: 'p',
  };
  return {
    record: [request],
    recordSession: ['p'],
    calculateCost: ['grok-3', 10, 5, { cacheReadTokens: 1, cacheWriteTokens: 1 }],
    getSessionCost: ['s'],
    getDailyCost: ['2026-01-01'],
    getWeeklyCost: [],
    getMonthlyCost: [],
    getSummary: [days],
    getDailySummaries: [30],
    getBudgetStatus: [],
    setBudget: [{ daily: 100, weekly: 200, monthly: 300, session: 50 }],
    reserve: [0.01, 1_000],
    settle: ['none', request],
    cancel: ['none'],
    export: [days],
    exportCSV: [days],
    formatDashboard: [],
    cleanup: [90, { dryRun: true }],
  };
}

function learningCalls() {
  const attempt = {
    errorMessage: 'Cannot find name x',
    errorType: 'compile',
    strategy: 'import it',
    success: true,
    attempts: 1,
    language: 'ts',
    framework: 'f',
    fixCode: 'import x',
    contextHash: 'c',
  };
  const seen = {
    projectId: 'p',
    category: 'naming',
    pattern: 'kebab',
    description: 'd',
    confidence: 0.5,
    example: 'e',
  };
  return {
    recordRepairAttempt: [attempt],
    getBestRepairStrategies: ['Cannot find name x', { errorType: 'compile', language: 'ts', framework: 'f', limit: 3 }],
    recordConvention: [seen],
    getProjectConventions: ['p', { category: 'naming', minConfidence: 0.1 }],
    recordToolUsage: [{ toolName: 'grep', success: true, timeMs: 10, cacheHit: false, projectId: 'p' }],
    getToolStats: ['p'],
    getBestToolForTask: [['grep', 'sed'], 'p'],
    generateInsights: ['p'],
    getStats: [],
    formatStats: [],
  };
}
