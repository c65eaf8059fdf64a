// Costs and learning as Code-Buddy's own callers record and ask for them.
import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/db-core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PersistentAnalytics, PersistentLearning } from '../src/index.ts';

const REQUEST = { model: 'grok-3', tokensIn: 10, tokensOut: 5, cost: 4, responseTimeMs: 1, cacheHit: false };
let database: TemporaryDatabase;
beforeEach(async () => {
  database = await temporaryDatabase();
});
afterEach(() => database[Symbol.dispose]());

describe('PersistentAnalytics', () => {
  const open = (budget = {}, sessionId?: string) => new PersistentAnalytics(budget, { db: database.db, sessionId });

  it('begins a new session’s cost with recordSession, and keeps the day’s', () => {
    const analytics = open({ session: 5 });
    analytics.record(REQUEST);
    expect(analytics.getBudgetStatus().session).toMatchObject({ used: 4, remaining: 1 });
    analytics.recordSession('p');
    expect(analytics.getSessionCost()).toBe(0);
    expect(analytics.getBudgetStatus().session).toMatchObject({ used: 0, remaining: 5 });
    analytics.record(REQUEST);
    expect([analytics.getSessionCost(), analytics.getDailyCost()]).toEqual([4, 8]);
  });

  it('leaves a session that was named the one that spends', () => {
    const analytics = open({}, 's');
    analytics.record(REQUEST);
    analytics.recordSession();
    expect(analytics.getSessionCost()).toBe(4);
  });

  it('merges a budget with the limits there are, and takes one away by null', () => {
    const analytics = open({ daily: 10, weekly: 50 });
    const told: unknown[] = [];
    analytics.on('budget:updated', (event) => told.push(event));
    analytics.setBudget({ daily: 20 });
    expect(analytics.getBudgetStatus()).toMatchObject({ daily: { limit: 20 }, weekly: { limit: 50 } });
    analytics.setBudget({ weekly: null, monthly: undefined, session: 0 });
    expect(Object.keys(analytics.getBudgetStatus()).sort()).toEqual(['daily', 'session']);
    expect(told).toEqual([{ limits: { daily: 20, weekly: 50 } }, { limits: { daily: 20, session: 0 } }]);
    expect(() => analytics.setBudget({ daily: -1 })).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
    expect(analytics.getBudgetStatus()).toMatchObject({ daily: { limit: 20 } });
  });

  it('tells of what it records, once it is stored', () => {
    const analytics = open();
    const told: unknown[] = [];
    analytics.on('usage:recorded', (event) => told.push(event));
    analytics.on('session:started', (event) => told.push(event));
    analytics.recordSession('p');
    analytics.record({ ...REQUEST, requestId: 'r', sessionId: 's' });
    analytics.record({ ...REQUEST, requestId: 'r', sessionId: 's' });
    expect(told).toEqual([
      { sessionId: expect.stringMatching(/^process:/), projectId: 'p' },
      { model: 'grok-3', tokensIn: 10, tokensOut: 5, cost: 4, sessionId: 's' },
    ]);
  });

  it('says that a model has no price when its cost is asked for, in place of a silent 0', () => {
    const analytics = open();
    const told: unknown[] = [];
    analytics.on('price:unknown', ({ model }) => told.push(model));
    expect(analytics.calculateCost('nobody-knows-it', 1_000, 1_000)).toBe(0);
    expect(analytics.calculateCost('grok-3', 1_000_000, 0)).toBeGreaterThan(0);
    expect(told).toEqual(['nobody-knows-it']);
  });

  it('gives the period of a summary, days, JSON and CSV', () => {
    const analytics = open();
    analytics.record(REQUEST);
    const { period, totalTokens, trend } = analytics.getSummary();
    expect(Date.parse(period.endDate) - Date.parse(period.startDate)).toBe(29 * 86_400_000);
    expect([totalTokens, trend]).toEqual([{ in: 10, out: 5 }, 'increasing']);
    expect(analytics.getDailySummaries(7)).toMatchObject([{ totalCost: 4, totalRequests: 1, totalTokens: 15 }]);
    expect(analytics.export()).toMatchObject({ summary: { totalCost: 4 }, days: [{ model: 'grok-3' }] });
    expect(analytics.exportCSV().split('\r\n')[1]).toContain(',grok-3,1,10,5,');
  });
});

describe('PersistentLearning', () => {
  const open = () => new PersistentLearning({ db: database.db });

  it('keeps the examples of a convention, the newest five', () => {
    const learning = open();
    const seen = { projectId: 'q', category: 'naming', pattern: 'camel' } as const;
    learning.recordConvention({ ...seen, examples: ['fooBar', 'bazQux'] });
    expect(learning.getProjectConventions('q')[0]?.examples).toEqual(['fooBar', 'bazQux']);
    learning.recordConvention({ ...seen, examples: null });
    learning.recordConvention({ ...seen, examples: ['c', 'd', 'e'], example: 'f' });
    expect(learning.getProjectConventions('q')[0]?.examples).toEqual(['bazQux', 'c', 'd', 'e', 'f']);
  });

  it('finds the best tool for a task in words, or among some', () => {
    const learning = open();
    const use = (toolName: string, success: boolean, times: number) => {
      for (let i = 0; i < times; i++) learning.recordToolUsage({ toolName, success, timeMs: 1 });
    };
    use('search_files', false, 5);
    use('search_code', true, 5);
    use('readFile', true, 20);
    expect(learning.getBestToolForTask('Search the project')).toBe('search_code');
    expect(learning.getBestToolForTask('reading a file')).toBe('readFile');
    expect(learning.getBestToolForTask('bake a cake')).toBeNull();
    expect(learning.getBestToolForTask('')).toBeNull();
    expect(learning.getBestToolForTask(['search_files', 'search_code'])).toBe('search_code');
    expect(learning.getBestToolForTask(['unknown'])).toBe('unknown');
    expect(learning.getToolStats()[0]).toMatchObject({ tool_name: 'readFile', success_count: 20 });
  });
});
