import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Budget, type BudgetAlert, PersistentAnalytics, type PersistentAnalyticsOptions } from '../src/index.ts';

describe('PersistentAnalytics', () => {
  let database: TemporaryDatabase;
  const clock = fakeClock();
  beforeEach(async () => {
    clock.set('2026-01-14T12:00:00.000Z');
    database = await temporaryDatabase();
  });
  afterEach(() => database[Symbol.dispose]());

  const create = (budget?: Budget, options: PersistentAnalyticsOptions = {}) =>
    new PersistentAnalytics(budget, { db: database.db, clock, timeZone: 'UTC', ...options });
  const request = { model: 'grok-3', tokensIn: 1_000, tokensOut: 100, responseTimeMs: 200, cacheHit: false };

  it('calculates costs from the table, cached tokens apart, and keeps the price with the request', () => {
    const analytics = create();
    expect(analytics.calculateCost('claude-sonnet-4-20250514', 1_000_000, 1_000_000)).toBe(18);
    expect(
      analytics.calculateCost('claude-sonnet-4', 0, 0, { cacheReadTokens: 1_000_000, cacheWriteTokens: 1_000_000 }),
    ).toBe(4.05);
    expect(analytics.record(request)).toBe(0.0045);
    expect(analytics.record({ ...request, cacheReadTokens: 1_000 })).toBe(0.00525);
    expect(database.db.prepare('SELECT price, cost, cache_read_tokens FROM usage_requests').all()).toEqual([
      { price: '{"input":3,"output":15,"cacheRead":0.75}', cost: 0.0045, cache_read_tokens: 0 },
      { price: '{"input":3,"output":15,"cacheRead":0.75}', cost: 0.00525, cache_read_tokens: 1_000 },
    ]);
  });

  it('takes the prices of the caller, and says once which model has none', () => {
    const analytics = create({}, { prices: { asOf: '2026-01-01', models: { mine: { input: 1, output: 2 } } } });
    const unknown: unknown[] = [];
    analytics.on('price:unknown', (event) => unknown.push(event));
    expect(analytics.record({ ...request, model: 'mine' })).toBe(0.0012);
    expect(analytics.record(request)).toBe(0);
    analytics.record(request);
    expect(unknown).toEqual([{ model: 'grok-3', asOf: '2026-01-01' }]);
    expect(analytics.record({ ...request, cost: 0 })).toBe(0);
    expect(() => create({}, { prices: { asOf: 'x', models: { bad: { input: -1, output: 1 } } } })).toThrow(
      /prices\.bad\.input/,
    );
  });

  it('counts a request once, however often it is recorded', () => {
    const analytics = create();
    expect(analytics.record({ ...request, cost: 0.5, requestId: 'r' })).toBe(0.5);
    expect(analytics.record({ ...request, cost: 0.5, requestId: 'r' })).toBe(0);
    expect(create().record({ ...request, cost: 0.5, requestId: 'r' })).toBe(0);
    expect(analytics.getDailyCost()).toBe(0.5);
    expect(analytics.getSummary().totalRequests).toBe(1);
  });

  it('does not drift over a million recordings', () => {
    const analytics = create();
    database.manager.transaction(() => {
      for (let i = 0; i < 1_000_000; i++) analytics.record({ ...request, cost: 0.0001 });
    });
    expect(analytics.getDailyCost()).toBe(100);
    expect(analytics.getSessionCost()).toBe(100);
  }, 600_000);

  it('rolls the costs of sub-agents up to their parent', () => {
    database.manager.exec(
      "INSERT INTO sessions (id, parent_session_id) VALUES ('root', NULL), ('sub', 'root'), ('subsub', 'sub'), ('other', NULL)",
    );
    const analytics = create({ session: 10 }, { sessionId: 'root' });
    for (const [sessionId, cost] of [
      ['root', 1],
      ['sub', 2],
      ['subsub', 4],
      ['other', 8],
    ] as const) {
      analytics.record({ ...request, cost, sessionId });
    }
    expect([analytics.getSessionCost(), analytics.getSessionCost('sub'), analytics.getSessionCost('other')]).toEqual([
      7, 6, 8,
    ]);
    expect(create({ session: 10 }, { sessionId: 'subsub' }).getBudgetStatus().session).toMatchObject({
      used: 7,
      remaining: 3,
    });
  });

  it('adds up days, weeks from Monday, and months', () => {
    const analytics = create();
    for (const [day, cost] of [
      ['2025-12-31', 1],
      ['2026-01-11', 2],
      ['2026-01-12', 4],
      ['2026-01-14', 8],
    ] as const) {
      clock.set(`${day}T12:00:00.000Z`);
      analytics.record({ ...request, cost });
    }
    expect([analytics.getDailyCost(), analytics.getWeeklyCost(), analytics.getMonthlyCost()]).toEqual([8, 12, 14]);
    expect(analytics.getDailyCost('2025-12-31')).toBe(1);
  });

  it('counts a late evening where the caller is', () => {
    clock.set('2026-01-14T23:30:00.000Z');
    const analytics = create({}, { timeZone: 'Asia/Tokyo' });
    analytics.record({ ...request, cost: 1 });
    expect([analytics.getDailyCost(), analytics.getDailyCost('2026-01-14')]).toEqual([1, 0]);
    expect(analytics.getDailyCost('2026-01-15')).toBe(1);
  });

  it('summarizes a period and compares it with the one before', () => {
    const analytics = create();
    clock.set('2026-01-01T12:00:00.000Z');
    analytics.record({ ...request, cost: 1 });
    clock.set('2026-01-14T12:00:00.000Z');
    analytics.record({ ...request, cost: 2, cacheHit: true, responseTimeMs: 400, toolCalls: 2 });
    analytics.record({ ...request, cost: 1, model: 'gpt-5', error: true });
    analytics.recordSession('p');
    expect(analytics.getSummary({ startDate: '2026-01-08', endDate: '2026-01-14' })).toMatchObject({
      period: { startDate: '2026-01-08', endDate: '2026-01-14' },
      totalCost: 3,
      totalRequests: 2,
      totalTokens: { in: 2_000, out: 200 },
      avgResponseTime: 300,
      cacheHitRate: 0.5,
      errorRate: 0.5,
      byModel: { 'grok-3': { cost: 2, requests: 1 }, 'gpt-5': { cost: 1, requests: 1 } },
      trend: 'increasing',
    });
    expect(analytics.getSummary({ projectId: 'absent' })).toMatchObject({
      totalCost: 0,
      errorRate: 0,
      byModel: {},
      trend: 'stable',
    });
    expect(analytics.getDailySummaries(2)).toHaveLength(1);
    const dashboard = analytics.formatDashboard();
    for (const part of ['Costs', '$3.00', 'grok-3', '3 requests', 'Days']) expect(dashboard).toContain(part);
  });

  it('exports CSV that spreadsheets read, and JSON', () => {
    const analytics = create();
    analytics.record({ ...request, cost: 1, model: 'a "quoted", model', projectId: 'p' });
    expect(analytics.exportCSV().split('\r\n')).toEqual([
      'date,project_id,model,requests,tokens_in,tokens_out,cache_read_tokens,cache_write_tokens,cost,tool_calls,errors,avg_response_time_ms,cache_hit_rate,session_count',
      '2026-01-14,p,"a ""quoted"", model",1,1000,100,0,0,1,0,0,200,0,0',
      '',
    ]);
    expect(analytics.export()).toMatchObject({
      exportedAt: '2026-01-14T12:00:00.000Z',
      summary: { totalCost: 1 },
      days: [{ cost: 1 }],
    });
  });

  it('cleans up old days, or only counts them', () => {
    const analytics = create();
    analytics.record({ ...request, cost: 1 });
    clock.advance(10 * 86_400_000);
    expect(analytics.cleanup(5, { dryRun: true })).toBe(1);
    expect(analytics.cleanup(5)).toBe(1);
    expect(analytics.getSessionCost()).toBe(0);
  });

  it('refuses requests that make no sense, and nothing changes', () => {
    const analytics = create();
    for (const bad of [
      { tokensIn: -1 },
      { tokensOut: 0.5 },
      { cost: -1 },
      { responseTimeMs: Number.NaN },
      { model: '' },
      { requestId: '' },
    ]) {
      expect(() => analytics.record({ ...request, ...bad }), JSON.stringify(bad)).toThrow(
        expect.objectContaining({ code: 'DB_INVALID_INPUT' }),
      );
    }
    expect(analytics.getSummary().totalRequests).toBe(0);
    expect(analytics.getSessionCost()).toBe(0);
  });

  describe('a budget', () => {
    it('alerts once for each threshold and period, in whichever process is first', () => {
      const alerts: BudgetAlert[] = [];
      const first = create({ daily: 10, monthly: 100 });
      const second = create({ daily: 10, monthly: 100 });
      for (const analytics of [first, second]) analytics.on('budget:alert', (alert) => alerts.push(alert));
      first.record({ ...request, cost: 7.99 });
      expect(alerts).toEqual([]);
      first.record({ ...request, cost: 0.01 });
      second.record({ ...request, cost: 1 });
      expect(alerts).toEqual([{ type: 'warning', budget: 'daily', limit: 10, current: 8, percentage: 80 }]);
      second.record({ ...request, cost: 1 });
      first.record({ ...request, cost: 1 });
      expect(alerts.slice(1)).toEqual([{ type: 'exceeded', budget: 'daily', limit: 10, current: 10, percentage: 100 }]);
      clock.advance(86_400_000);
      first.record({ ...request, cost: 9 });
      expect(alerts).toHaveLength(3);
      expect(first.getBudgetStatus()).toEqual({
        daily: { limit: 10, used: 9, remaining: 1, percentage: 90 },
        monthly: { limit: 100, used: 20, remaining: 80, percentage: 20 },
      });
      first.setBudget({ daily: 5 });
      expect(first.getBudgetStatus().daily).toMatchObject({ remaining: 0, percentage: 180 });
    });

    it('reserves what a request may cost, and gives back what it did not', () => {
      const analytics = create({ daily: 1 });
      const reservation = analytics.reserve(0.75);
      expect(() => analytics.reserve(0.5)).toThrow(
        expect.objectContaining({ code: 'DB_BUDGET_EXCEEDED', message: expect.stringContaining('$0.25 left') }),
      );
      analytics.settle(reservation, { ...request, cost: 0.25 });
      const second = analytics.reserve(0.75);
      expect(analytics.cancel(second)).toBe(true);
      expect(analytics.cancel(second)).toBe(false);
      analytics.reserve(0.75, 1_000);
      clock.advance(1_000);
      expect(analytics.reserve(0.75)).toBeTypeOf('string');
      expect(() => analytics.reserve(Number.NaN)).toThrow(/Invalid amount/);
    });

    it('cannot be overspent by processes that spend at once', async () => {
      const worker = fileURLToPath(new URL('./support/reserve-until-refused.ts', import.meta.url));
      const workers = Array.from({ length: 4 }, () => fork(worker, [database.path], { execArgv: [] }));
      await Promise.all(workers.map((each) => once(each, 'message')));
      const reports = await Promise.all(
        workers.map(async (each) => {
          each.send('go');
          const [report]: { settled: number; alerts: number }[] = await once(each, 'message');
          return report;
        }),
      );
      expect(reports.reduce((sum, report) => sum + (report?.settled ?? 0), 0)).toBe(100);
      expect(reports.reduce((sum, report) => sum + (report?.alerts ?? 0), 0)).toBe(2);
      expect(database.db.prepare('SELECT sum(cost_nanos) AS nanos FROM analytics').get()).toEqual({
        nanos: 1_000_000_000,
      });
    });
  });
});
