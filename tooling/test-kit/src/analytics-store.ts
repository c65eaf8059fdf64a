import type { AnalyticsStore } from '@codebuddy/db-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Either, StoreHarness } from './store-harness.ts';

/** Describes what every analytics repository does, as a test suite over the one that `create` makes. */
export function describeAnalyticsStore(
  engine: string,
  create: () => Promise<StoreHarness<Either<AnalyticsStore>>>,
): void {
  describe(`analytics in ${engine}`, () => {
    let harness: StoreHarness<Either<AnalyticsStore>>;
    let store: Either<AnalyticsStore>;
    beforeEach(async () => {
      harness = await create();
      store = harness.store;
    });
    afterEach(() => harness.close());

    it('adds up a day for each project and model; averages weigh by requests', async () => {
      const day = { date: '2026-01-01', model: 'm', cost: 0.1, requests: 1, avg_response_time_ms: 100 };
      await store.recordAnalytics(day);
      await store.recordAnalytics({ ...day, requests: 3, avg_response_time_ms: 300 });
      await store.recordAnalytics({ ...day, project_id: 'shop' });
      const [first, second] = await store.getAnalytics({ model: 'm' });
      expect(first).toMatchObject({ requests: 4, cost: 0.2, avg_response_time_ms: 250 });
      expect(second).toMatchObject({ project_id: 'shop', requests: 1 });
      expect(await store.getTotalCost({ projectId: 'shop' })).toBe(0.1);
      expect(await store.getTotalCost({ startDate: '2026-01-02' })).toBe(0);
    });

    it('sums the last days, the newest first', async () => {
      for (const date of ['2025-12-01', '2025-12-31', '2026-01-01']) {
        await store.recordAnalytics({ date, cost: 1, requests: 1, tokens_in: 2, tokens_out: 3 });
      }
      const days = await store.getDailySummary(2);
      expect(days.map(({ date }) => date)).toEqual(['2026-01-01', '2025-12-31']);
      expect(days[0]).toMatchObject({ totalCost: 1, totalRequests: 1, totalTokens: 5 });
    });

    it('counts the use of tools, by project', async () => {
      await store.recordToolUsage('bash', true, 100, true, 'shop');
      await store.recordToolUsage('bash', false, 300, false, 'shop');
      await store.recordToolUsage('read', true, 10);
      const [bash] = await store.getToolStats('shop');
      expect(bash).toMatchObject({
        success_count: 1,
        failure_count: 1,
        avg_time_ms: 200,
        cache_hits: 1,
        cache_misses: 1,
      });
      expect((await store.getTopTools(1)).map(({ tool_name }) => tool_name)).toEqual(['bash']);
    });

    it('recommends the strategy that worked more often, and keeps the last five examples', async () => {
      for (let i = 0; i < 6; i++) await store.recordRepairAttempt('E', 'type', 'narrow', true, 1, { example: i });
      await store.recordRepairAttempt('E', 'type', 'cast', false, 2);
      const [best, worse] = await store.getBestStrategies('E');
      expect(best).toMatchObject({ strategy: 'narrow', success_count: 6, examples: [1, 2, 3, 4, 5] });
      expect(worse).toMatchObject({ strategy: 'cast', failure_count: 1 });
      expect(await store.getBestStrategies('another')).toEqual([]);
    });

    it('deletes old days, and says on a dry run how many that would be', async () => {
      await store.recordAnalytics({ date: '2025-01-01', requests: 1 });
      await store.recordAnalytics({ date: '2026-01-01', requests: 1 });
      expect(await store.deleteOldAnalytics(90, { dryRun: true })).toBe(1);
      expect(await store.deleteOldAnalytics(90)).toBe(1);
      expect((await store.getAnalytics()).map(({ date }) => date)).toEqual(['2026-01-01']);
    });
  });
}
