import type { CodeStore, NewCodeEmbedding } from '@codebuddy/db-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Either, StoreHarness } from './store-harness.ts';

/** Describes what every index of code does, as a test suite over the one that `create` makes. */
export function describeCodeStore(engine: string, create: () => Promise<StoreHarness<Either<CodeStore>>>): void {
  describe(`code in ${engine}`, () => {
    let harness: StoreHarness<Either<CodeStore>>;
    let store: Either<CodeStore>;
    beforeEach(async () => {
      harness = await create();
      store = harness.store;
    });
    afterEach(() => harness.close());

    const chunk = (index: number, more: Partial<NewCodeEmbedding> = {}): NewCodeEmbedding => ({
      project_id: 'shop',
      file_path: 'src/cart.ts',
      chunk_index: index,
      chunk_text: `function part${index}() {}`,
      embedding: Float32Array.of(index + 1, 1),
      embedding_model: 'm',
      ...more,
    });
    const texts = async () => (await store.find()).map(({ chunk_text }) => chunk_text);

    it('gives a chunk back with every part', async () => {
      const parts = {
        symbol_type: 'function',
        symbol_name: 'part0',
        start_line: 1,
        end_line: 3,
        language: 'typescript',
      };
      const stored = await store.upsert(chunk(0, parts));
      expect(stored).toMatchObject({ ...chunk(0, parts), id: expect.any(Number) });
      expect(await store.getById(stored.id)).toEqual(stored);
      expect(await store.getById(stored.id + 1)).toBeNull();
    });

    it('keeps one chunk at a place, the newest', async () => {
      await store.upsert(chunk(0));
      await store.upsert(chunk(0, { chunk_text: 'newer' }));
      expect(await texts()).toEqual(['newer']);
    });

    it('replaces a file whole, and remembers the content it was indexed with', async () => {
      await store.bulkUpsert([chunk(0), chunk(1), chunk(2)]);
      const { project_id: _, file_path: __, chunk_index: ___, ...rest } = chunk(0, { chunk_text: 'all of it' });
      await store.replaceFile('shop', 'src/cart.ts', 'hash', [rest]);
      expect(await texts()).toEqual(['all of it']);
      expect(await store.needsReindex('shop', 'src/cart.ts', 'hash')).toBe(false);
      expect(await store.needsReindex('shop', 'src/cart.ts', 'other')).toBe(true);
    });

    it('finds the most similar chunks among those that pass a filter', async () => {
      await store.bulkUpsert([chunk(0), chunk(1, { language: 'go' }), chunk(2, { project_id: 'other' })]);
      const found = await store.searchSimilar(Float32Array.of(1, 1), { projectId: 'shop' });
      expect(found.map(({ embedding }) => embedding.chunk_index)).toEqual([0, 1]);
      expect(found[0]?.similarity).toBeCloseTo(1, 5);
      const go = await store.searchSimilar(Float32Array.of(1, 1), { language: 'go' }, 1);
      expect(go.map(({ embedding }) => embedding.language)).toEqual(['go']);
    });

    it('finds symbols by a part of their name, the shortest first', async () => {
      await store.bulkUpsert([chunk(0, { symbol_name: 'cartTotalOf' }), chunk(1, { symbol_name: 'Cart' })]);
      expect((await store.searchBySymbol('cart')).map(({ symbol_name }) => symbol_name)).toEqual([
        'Cart',
        'cartTotalOf',
      ]);
    });

    it('removes files, projects and what is stale, and tells how many chunks that were', async () => {
      await store.bulkUpsert([chunk(0), chunk(0, { file_path: 'b.ts' }), chunk(0, { project_id: 'other' })]);
      expect(await store.deleteStale('shop', ['b.ts'])).toBe(1);
      expect(await store.deleteForFile('shop', 'b.ts')).toBe(1);
      expect(await store.deleteForProject('other')).toBe(1);
      expect(await store.getStats()).toEqual({ totalEmbeddings: 0, totalFiles: 0, byLanguage: {}, bySymbolType: {} });
    });

    it('returns a vector that was paid for once, by its text and model', async () => {
      await store.cacheVectors('m', [{ text: 'a question', embedding: Float32Array.of(3, 4) }]);
      expect(await store.getCachedVector('a question', 'm')).toEqual(Float32Array.of(3, 4));
      expect(await store.getCachedVector('a question', 'n')).toBeUndefined();
    });
  });
}
