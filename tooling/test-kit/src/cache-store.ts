import type { CacheStore } from '@codebuddy/db-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Either, StoreHarness } from './store-harness.ts';

/** Describes what every cache does, as a test suite over the one that `create` makes. */
export function describeCacheStore(engine: string, create: () => Promise<StoreHarness<Either<CacheStore>>>): void {
  describe(`a cache in ${engine}`, () => {
    let harness: StoreHarness<Either<CacheStore>>;
    let store: Either<CacheStore>;
    beforeEach(async () => {
      harness = await create();
      store = harness.store;
    });
    afterEach(() => harness.close());

    it.each([[0], [''], [false], [null], [[1, { a: [] }]], ['über 会话 🛠️']])('gives %j back', async (value) => {
      await store.set('k', value);
      expect(await store.get('k')).toEqual(value);
      expect(await store.has('k')).toBe(true);
    });

    it('ends an entry when its time is over, and at once with 0', async () => {
      await store.set('k', 1, { ttlMs: 1_000 });
      await store.set('gone', 1, { ttlMs: 0 });
      harness.clock.advance(999);
      expect(await store.keys()).toEqual(['k']);
      harness.clock.advance(1);
      expect(await store.get('k')).toBeNull();
      expect(await store.deleteExpired()).toBe(1);
    });

    it('computes a value once, null among them', async () => {
      let computed = 0;
      const compute = () => {
        computed++;
        return null;
      };
      const both = await Promise.all([store.getOrCompute('k', compute), store.getOrCompute('k', compute)]);
      expect(both).toEqual([
        { value: null, cached: false },
        { value: null, cached: false },
      ]);
      expect(await store.getOrCompute('k', compute)).toEqual({ value: null, cached: true });
      expect(computed).toBe(1);
    });

    it('deletes by pattern, category and tag, and tells how many that were', async () => {
      await store.setMany([
        { key: 'a:1', value: 1, category: 'c' },
        { key: 'a:2', value: 1, tags: ['t'] },
        { key: 'b_%', value: 1 },
        { key: 'b', value: 1 },
      ]);
      expect(await store.deleteByPattern('_%')).toBe(1);
      expect(await store.deleteByPattern(/^b$/g)).toBe(1);
      expect(await store.deleteByCategory('c')).toBe(1);
      expect(await store.deleteByTag('t')).toBe(1);
      expect(await store.keys()).toEqual([]);
    });

    it('finds the entries whose vectors are most similar', async () => {
      await store.set('near', 1, { embedding: Float32Array.of(1, 0), embeddingModel: 'm' });
      await store.set('far', 2, { embedding: Float32Array.of(0, 1), embeddingModel: 'm', category: 'c' });
      const found = await store.searchSimilar(Float32Array.of(1, 0.1));
      expect(found.map(({ key }) => key)).toEqual(['near', 'far']);
      expect((await store.searchSimilar(Float32Array.of(1, 0), 'c')).map(({ value }) => value)).toEqual([2]);
    });

    it('counts what it holds', async () => {
      await store.set('a', 1, { category: 'c' });
      await store.set('b', 1);
      await store.get('a');
      expect(await store.getStats()).toEqual({
        totalEntries: 2,
        totalHits: 1,
        byCategory: { c: 1, uncategorized: 1 },
        expiredCount: 0,
      });
      expect(await store.getSizeEstimate()).toBeGreaterThan(0);
      await store.clear();
      expect(await store.getSizeEstimate()).toBe(0);
    });
  });
}
