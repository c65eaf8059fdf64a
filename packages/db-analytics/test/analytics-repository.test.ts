import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnalyticsRepository, type NewAnalytics } from '../src/index.ts';
import { trustworthiness } from '../src/repairs/ranking.ts';

describe('AnalyticsRepository', () => {
  let database: TemporaryDatabase;
  let analytics: AnalyticsRepository;
  const clock = fakeClock();
  beforeEach(async () => {
    clock.set('2026-01-31T12:00:00.000Z');
    database = await temporaryDatabase();
    analytics = new AnalyticsRepository(database.db, { clock, timeZone: 'UTC' });
  });
  afterEach(() => database[Symbol.dispose]());

  describe('days', () => {
    it.each([
      ['without project and model', {}],
      ['of a project and a model', { project_id: 'p', model: 'm' }],
    ])('%s are one row: counts add up, averages weigh by requests', (_what, place) => {
      analytics.recordAnalytics({
        date: '2026-01-31',
        ...place,
        requests: 1,
        avg_response_time_ms: 100,
        cache_hit_rate: 1,
        cost: 0.1,
        tokens_in: 5,
      });
      analytics.recordAnalytics({
        date: '2026-01-31',
        ...place,
        requests: 3,
        avg_response_time_ms: 200,
        cost: 0.2,
        errors: 1,
        session_count: 2,
      });
      analytics.recordAnalytics({ date: '2026-01-31', ...place, cost: 0 });
      expect(analytics.getAnalytics()).toEqual([
        {
          id: 1,
          date: '2026-01-31',
          ...place,
          tokens_in: 5,
          tokens_out: 0,
          cache_read_tokens: 0,
          cache_write_tokens: 0,
          cost: 0.3,
          requests: 4,
          tool_calls: 0,
          errors: 1,
          avg_response_time_ms: 175,
          cache_hit_rate: 0.25,
          session_count: 2,
        },
      ]);
    });

    it('are found by every filter, the newest first', () => {
      const add = (date: string, project_id?: string, model?: string) =>
        analytics.recordAnalytics({
          date,
          cost: 1,
          requests: 2,
          tokens_in: 3,
          tokens_out: 4,
          ...(project_id && { project_id }),
          ...(model && { model }),
        });
      add('2025-12-31', 'a', 'm');
      add('2026-01-30', 'a', 'm');
      add('2026-01-31', 'b', 'm');
      add('2026-01-31', 'a', 'n');
      const found = (filter?: Parameters<typeof analytics.getAnalytics>[0]) =>
        analytics.getAnalytics(filter).map(({ date, project_id, model }) => `${date} ${project_id} ${model}`);
      expect(found()).toEqual(['2026-01-31 a n', '2026-01-31 b m', '2026-01-30 a m', '2025-12-31 a m']);
      expect(found({ startDate: '2026-01-30', endDate: '2026-01-30' })).toEqual(['2026-01-30 a m']);
      expect(found({ projectId: 'b' })).toEqual(['2026-01-31 b m']);
      expect(found({ model: 'n' })).toEqual(['2026-01-31 a n']);
      expect(analytics.getTotalCost()).toBe(4);
      expect(analytics.getTotalCost({ projectId: 'a', startDate: '2026-01-01' })).toBe(2);
      expect(analytics.getTotalCost({ projectId: 'absent' })).toBe(0);
      expect(analytics.getDailySummary(2)).toEqual([
        { date: '2026-01-31', totalCost: 2, totalRequests: 4, totalTokens: 14, avgResponseTime: 0 },
        { date: '2026-01-30', totalCost: 1, totalRequests: 2, totalTokens: 7, avgResponseTime: 0 },
      ]);
      expect(analytics.getDailySummary(0)).toEqual([]);
      expect(() => analytics.getAnalytics({ startDate: 'yesterday' })).toThrow(/Invalid startDate/);
    });

    it('are deleted when they are old, or only counted', () => {
      for (const date of ['2025-11-01', '2025-11-02', '2025-11-03']) analytics.recordAnalytics({ date, cost: 1 });
      expect(analytics.deleteOldAnalytics(90, { dryRun: true })).toBe(1);
      expect(analytics.getAnalytics()).toHaveLength(3);
      expect(analytics.deleteOldAnalytics()).toBe(1);
      expect(analytics.getAnalytics().map(({ date }) => date)).toEqual(['2025-11-03', '2025-11-02']);
      expect(analytics.deleteOldAnalytics(0)).toBe(2);
      expect(() => analytics.deleteOldAnalytics(-1)).toThrow(/Invalid daysToKeep/);
    });

    it.each([
      { date: '2026-02-30' },
      { date: '2026-01-31', cost: -1 },
      { date: '2026-01-31', cost: Number.NaN },
      { date: '2026-01-31', requests: 0.5 },
      { date: '2026-01-31', cache_hit_rate: 2 },
      { date: '2026-01-31', model: '' },
    ] as NewAnalytics[])('refuse %j, and nothing changes', (row) => {
      expect(() => analytics.recordAnalytics(row)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
      expect(analytics.getAnalytics()).toEqual([]);
    });

    it('add up any amounts exactly', () => {
      const cents = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 30 });
      fc.assert(
        fc.property(cents, (amounts) => {
          database.manager.clearAll();
          for (const amount of amounts) analytics.recordAnalytics({ date: '2026-01-31', cost: amount / 1e4 });
          const sum = amounts.reduce((total, amount) => total + amount, 0);
          expect(analytics.getTotalCost()).toBe(sum / 1e4);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe('an import of costs', () => {
    const record = {
      key: 'daily:2026-01-01',
      date: '2026-01-01',
      cost: 3.25,
      tokensIn: 70,
      tokensOut: 30,
      sessions: 1,
    };

    it('counts once, and later only what it has grown by', () => {
      expect(analytics.importCosts([record, { ...record, key: 'other' }])).toEqual(['inserted', 'inserted']);
      expect(analytics.importCosts([record])).toEqual(['exists']);
      expect(analytics.getTotalCost()).toBe(6.5);
      expect(analytics.importCosts([{ ...record, cost: 4 }])).toEqual(['exists']);
      expect(analytics.getTotalCost()).toBe(7.25);
      expect(analytics.getAnalytics()).toMatchObject([{ tokens_in: 140, session_count: 2 }]);
      expect(analytics.locateCosts(['other', 'absent'])).toEqual([{ cost: 3.25, tokensIn: 70, tokensOut: 30 }, null]);
    });

    it('is all or nothing', () => {
      expect(() => analytics.importCosts([record, { ...record, key: 'bad', date: '2026-13-01' }])).toThrow();
      expect(analytics.getTotalCost()).toBe(0);
    });
  });

  describe('tools', () => {
    it('are counted once for each project, and once outside any', () => {
      analytics.recordToolUsage('bash', true, 100, true);
      analytics.recordToolUsage('bash', false, 200, false);
      analytics.recordToolUsage('bash', true, 0, undefined, 'p');
      analytics.recordToolUsage('view', true, 10);
      expect(analytics.getToolStats()).toMatchObject([
        {
          tool_name: 'bash',
          success_count: 1,
          failure_count: 1,
          total_time_ms: 300,
          avg_time_ms: 150,
          cache_hits: 1,
          cache_misses: 1,
        },
        { tool_name: 'bash', project_id: 'p', success_count: 1, avg_time_ms: 0, cache_hits: 0, cache_misses: 0 },
        { tool_name: 'view' },
      ]);
      expect(analytics.getToolStats('p')).toHaveLength(1);
      expect(analytics.getTopTools()).toEqual([
        { tool_name: 'bash', usage: 3, success_rate: 2 / 3, avg_time_ms: 100 },
        { tool_name: 'view', usage: 1, success_rate: 1, avg_time_ms: 10 },
      ]);
      expect(analytics.getTopTools(0)).toEqual([]);
      expect(() => analytics.recordToolUsage('bash', true, -1)).toThrow(/Invalid timeMs/);
    });

    it('and days are forgotten together, repairs are not', () => {
      analytics.recordToolUsage('bash', true, 1);
      analytics.recordAnalytics({ date: '2026-01-31', cost: 1 });
      analytics.recordRepairAttempt('e', 'type', 's', true, 1);
      analytics.resetStats();
      expect([analytics.getToolStats(), analytics.getAnalytics()]).toEqual([[], []]);
      expect(analytics.getRepairStats().totalPatterns).toBe(1);
    });
  });

  describe('repairs', () => {
    const tried = (strategy: string, successes: number, failures: number) => {
      for (let i = 0; i < successes; i++) analytics.recordRepairAttempt('e', 'type', strategy, true, 1);
      for (let i = 0; i < failures; i++) analytics.recordRepairAttempt('e', 'type', strategy, false, 3);
    };
    const best = (filter?: Parameters<AnalyticsRepository['getBestStrategies']>[1], limit?: number) =>
      analytics.getBestStrategies('e', filter, limit).map(({ strategy }) => strategy);

    it('that worked nine times of ten are recommended before one lucky success', () => {
      tried('lucky', 1, 0);
      tried('proven', 9, 1);
      tried('poor', 1, 9);
      expect(best()).toEqual(['proven', 'lucky', 'poor']);
      expect(best({ minSuccessRate: 0.3 })).toEqual(['proven', 'lucky']);
      expect(best({}, 1)).toEqual(['proven']);
      expect(best({}, 0)).toEqual([]);
      expect(analytics.getBestStrategies('e')[0]).toMatchObject({
        success_count: 9,
        failure_count: 1,
        success_rate: 0.9,
        avg_attempts: 1.2,
      });
    });

    it('fade with age', () => {
      tried('old', 9, 1);
      clock.advance(2 * 365 * 86_400_000);
      tried('new', 4, 0);
      expect(best()).toEqual(['new', 'old']);
    });

    it('are told apart by context, and found by language and framework', () => {
      analytics.recordRepairAttempt('e', 'type', 's', true, 1, { contextHash: 'a', language: 'rust' });
      analytics.recordRepairAttempt('e', 'type', 's', true, 1, { contextHash: 'b', language: 'go', framework: 'gin' });
      analytics.recordRepairAttempt('e', 'lint', 'any', true, 1);
      analytics.recordRepairAttempt('e', 'lint', 'any', true, 1);
      expect(best()).toHaveLength(3);
      expect(best({ language: 'rust' })).toHaveLength(2);
      expect(best({ language: 'go', framework: 'echo' })).toEqual(['any']);
      expect(best({ errorType: 'lint' })).toEqual(['any']);
      expect(analytics.getRepairStats()).toEqual({
        totalPatterns: 1,
        avgSuccessRate: 1,
        byErrorType: { lint: { count: 1, avgSuccessRate: 1 }, type: { count: 1, avgSuccessRate: 1 } },
      });
      analytics.recordRepairAttempt('another', 'lint', 'any', false, 1);
      expect(analytics.getRepairStats()).toEqual({
        totalPatterns: 2,
        avgSuccessRate: 0.75,
        byErrorType: { lint: { count: 2, avgSuccessRate: 0.5 }, type: { count: 1, avgSuccessRate: 1 } },
      });
    });

    it('that failed leave no example', () => {
      analytics.recordRepairAttempt('e', 'type', 's', true, 1, { example: 'worked' });
      analytics.recordRepairAttempt('e', 'type', 's', false, 1, { example: 'did not work' });
      analytics.recordRepairAttempt('e', 'type', 'other', false, 1, { example: 'did not work either' });
      const found = analytics.getBestStrategies('e').map(({ strategy, examples }) => [strategy, examples]);
      expect(found).toEqual([
        ['s', ['worked']],
        ['other', undefined],
      ]);
    });

    it('keep their last five examples', () => {
      for (let i = 1; i <= 7; i++) analytics.recordRepairAttempt('e', 'type', 's', true, 1, { example: `fix ${i}` });
      analytics.recordRepairAttempt('e', 'type', 's', false, 1);
      expect(analytics.getBestStrategies('e')[0]?.examples).toEqual(['fix 3', 'fix 4', 'fix 5', 'fix 6', 'fix 7']);
    });

    it('are trusted more the more often they worked, and never beyond what was seen', () => {
      const count = fc.integer({ min: 0, max: 500 });
      fc.assert(
        fc.property(count, count, (successes, failures) => {
          const trust = (s: number, f: number, ageMs = 0) => trustworthiness({ successes: s, failures: f, ageMs });
          expect(trust(successes + 1, failures)).toBeGreaterThanOrEqual(trust(successes, failures));
          expect(trust(successes, failures + 1)).toBeLessThanOrEqual(trust(successes, failures) + 1e-12);
          expect(trust(successes, failures, 1e10)).toBeLessThanOrEqual(trust(successes, failures) + 1e-12);
          expect(trust(successes, failures)).toBeLessThanOrEqual(successes / Math.max(1, successes + failures) + 1e-12);
        }),
      );
    });
  });
});
