import type { MemoryFilter, MemoryStore, NewMemory, Page } from '@codebuddy/db-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Either, StoreHarness } from './store-harness.ts';

/** Describes what every memory repository does, as a test suite over the one that `create` makes. */
export function describeMemoryStore(engine: string, create: () => Promise<StoreHarness<Either<MemoryStore>>>): void {
  describe(`memories in ${engine}`, () => {
    let harness: StoreHarness<Either<MemoryStore>>;
    let store: Either<MemoryStore>;
    beforeEach(async () => {
      harness = await create();
      store = harness.store;
    });
    afterEach(() => harness.close());

    const contents = async (filter?: MemoryFilter & Page) => (await store.find(filter)).map(({ content }) => content);

    it('come back with every part', async () => {
      const memory = {
        id: 'm',
        type: 'decision',
        scope: 'project',
        project_id: 'shop',
        content: 'Zeilen\nüber 会话存储 🛠️',
        embedding: new Float32Array([0.25, -1]),
        embedding_model: 'test:2',
        importance: 0.75,
        expires_at: '2027-01-01T00:00:00.000Z',
        metadata: { nested: { list: [1, null, 'a'] } },
      } as const;
      const now = '2026-01-01T00:00:00.000Z';
      const stored = { ...memory, access_count: 0, created_at: now, last_accessed: now };
      expect(await store.create(memory)).toEqual(stored);
      expect(await store.find()).toEqual([stored]);
    });

    it('take 0 for 0, and the documented defaults for what is absent', async () => {
      expect(await store.create({ type: 'fact', content: 'a', importance: 0 })).toMatchObject({
        importance: 0,
        scope: 'user',
      });
      const plain = await store.create({ type: 'fact', content: 'b' });
      expect(plain).toMatchObject({ importance: 0.5 });
      expect(plain.id).not.toBe('');
      for (const part of ['project_id', 'embedding', 'expires_at', 'metadata']) expect(plain).not.toHaveProperty(part);
    });

    it.each([
      ['without a project', {}],
      ['in a project', { scope: 'project', project_id: 'shop' }],
    ] as const)('said twice %s are one, with the higher importance', async (_where, place) => {
      const first = await store.create({
        ...place,
        type: 'fact',
        content: 'same',
        importance: 0.9,
        metadata: { a: 1 },
      });
      harness.clock.advance(1_000);
      const again = await store.create({
        ...place,
        type: 'fact',
        content: 'same',
        importance: 0.1,
        metadata: { b: 2 },
      });
      expect(again).toMatchObject({ id: first.id, importance: 0.9, access_count: 1, metadata: { a: 1, b: 2 } });
      expect(again.last_accessed).toBe('2026-01-01T00:00:01.000Z');
      expect(await store.find()).toHaveLength(1);
    });

    it('with the same words in two projects are two', async () => {
      await store.bulkCreate([
        { type: 'fact', content: 'same', scope: 'project', project_id: 'a' },
        { type: 'fact', content: 'same', scope: 'project', project_id: 'b' },
        { type: 'fact', content: 'same' },
      ]);
      expect(await store.find()).toHaveLength(3);
    });

    it('are stored all or none', async () => {
      const attempt = async () =>
        store.bulkCreate([
          { type: 'fact', content: 'good' },
          { type: 'fact', content: '' },
        ]);
      await expect(attempt()).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
      expect(await store.find()).toEqual([]);
    });

    it('count each reading', async () => {
      const { id } = await store.create({ type: 'fact', content: 'read me' });
      harness.clock.advance(5_000);
      expect(await store.getById(id)).toMatchObject({ access_count: 1, last_accessed: '2026-01-01T00:00:05.000Z' });
      expect(await store.getById(id)).toMatchObject({ access_count: 2 });
      expect(await store.getById('absent')).toBeNull();
    });

    it('are found by every filter, the most important first, then the newest', async () => {
      await store.create({ type: 'fact', content: 'low', importance: 0.1 });
      await store.create({ type: 'error', content: 'old', importance: 0.5 });
      harness.clock.advance(1_000);
      await store.create({ type: 'fact', content: 'new', importance: 0.5 });
      await store.create({ type: 'pattern', content: 'newest', importance: 0.5, scope: 'project', project_id: 'p' });
      expect(await contents()).toEqual(['newest', 'new', 'old', 'low']);
      expect(await contents({ type: 'fact' })).toEqual(['new', 'low']);
      expect(await contents({ type: ['fact', 'error'] })).toEqual(['new', 'old', 'low']);
      expect(await contents({ type: [] })).toEqual([]);
      expect(await contents({ scope: 'project' })).toEqual(['newest']);
      expect(await contents({ projectId: 'p' })).toEqual(['newest']);
      expect(await contents({ minImportance: 0.5 })).toEqual(['newest', 'new', 'old']);
      expect(await contents({ limit: 0 })).toEqual([]);
      expect(await contents({ limit: 2, offset: 1 })).toEqual(['new', 'old']);
      expect(await contents({ offset: 3 })).toEqual(['low']);
    });

    it('are gone the moment they expire, and only then', async () => {
      const { id } = await store.create({ type: 'fact', content: 'short', expires_at: '2026-01-01T12:00:00.000Z' });
      harness.clock.set('2026-01-01T11:59:59.999Z');
      expect(await contents()).toEqual(['short']);
      harness.clock.set('2026-01-01T12:00:00.000Z');
      expect(await contents()).toEqual([]);
      expect(await store.getById(id)).toBeNull();
      expect(await store.getStats()).toMatchObject({ total: 0 });
      expect(await store.deleteExpired()).toBe(1);
      expect(await store.deleteExpired()).toBe(0);
    });

    it('live on when said again after they expired', async () => {
      await store.create({ type: 'fact', content: 'again', expires_at: '2026-01-02T00:00:00.000Z' });
      harness.clock.set('2026-02-01T00:00:00.000Z');
      await store.create({ type: 'fact', content: 'again' });
      expect(await contents()).toEqual(['again']);
    });

    it('are found by meaning among all of them, not only the important ones', async () => {
      const many = Array.from({ length: 300 }, (_, i) => ({
        type: 'fact' as const,
        content: `memory ${i}`,
        importance: 1,
        embedding: new Float32Array([1, i / 300]),
      }));
      await store.bulkCreate(many);
      await store.create({ type: 'fact', content: 'the one', importance: 0, embedding: new Float32Array([-1, 0.1]) });
      const [best, second] = await store.searchSimilar(new Float32Array([-1, 0.1]));
      expect(best?.memory.content).toBe('the one');
      expect(best?.similarity).toBeCloseTo(1);
      expect(second?.similarity).toBeLessThan(0.5);
      expect(await store.searchSimilar(new Float32Array([1, 0]), {}, 0)).toEqual([]);
      expect(await store.searchSimilar(new Float32Array([1, 0]), { minImportance: 1 }, 1_000)).toHaveLength(300);
      expect(await store.searchSimilar(new Float32Array([1, 0, 0]))).toEqual([]);
    });

    it('are compared only with vectors of the same model', async () => {
      const embedding = new Float32Array([1, 0]);
      await store.create({ type: 'fact', content: 'a', embedding, embedding_model: 'model-a' });
      await store.create({ type: 'fact', content: 'b', embedding, embedding_model: 'model-b' });
      const found = await store.searchSimilar(embedding, { embeddingModel: 'model-b' });
      expect(found.map(({ memory }) => memory.content)).toEqual(['b']);
      await expect((async () => store.searchSimilar(embedding))()).rejects.toThrow(/model-a, model-b/);
    });

    it('change in the parts named, and lose a vector that no longer fits', async () => {
      const { id } = await store.create({ type: 'fact', content: 'before', embedding: new Float32Array([1]) });
      expect(await store.update(id, { importance: 0 })).toBe(true);
      expect((await store.find())[0]).toMatchObject({
        importance: 0,
        content: 'before',
        embedding: new Float32Array([1]),
      });
      expect(await store.update(id, { content: 'after' })).toBe(true);
      const [changed] = await store.find();
      expect(changed).toMatchObject({ content: 'after' });
      expect(changed).not.toHaveProperty('embedding');
      expect(await store.update('absent', { importance: 1 })).toBe(false);
    });

    it('can be deleted once', async () => {
      const { id } = await store.create({ type: 'fact', content: 'gone' });
      expect(await store.delete(id)).toBe(true);
      expect(await store.delete(id)).toBe(false);
      expect(await store.find()).toEqual([]);
    });

    it('are counted', async () => {
      expect(await store.getStats()).toEqual({ total: 0, byType: {}, byScope: {}, avgImportance: 0 });
      await store.create({ type: 'fact', content: 'a', importance: 0 });
      await store.create({ type: 'fact', content: 'b', importance: 1, scope: 'project', project_id: 'p' });
      await store.create({ type: 'error', content: 'c', importance: 0.5 });
      expect(await store.getStats()).toEqual({
        total: 3,
        byType: { fact: 2, error: 1 },
        byScope: { user: 2, project: 1 },
        avgImportance: 0.5,
      });
    });

    it.each([
      ['no content', { type: 'fact', content: '' }],
      ['an unknown type', { type: 'rumour', content: 'x' }],
      ['an unknown scope', { type: 'fact', content: 'x', scope: 'world' }],
      ['too much importance', { type: 'fact', content: 'x', importance: 1.1 }],
      ['importance that is no number', { type: 'fact', content: 'x', importance: Number.NaN }],
      ['a hole in its vector', { type: 'fact', content: 'x', embedding: new Float32Array([1, Number.NaN]) }],
      ['an empty vector', { type: 'fact', content: 'x', embedding: new Float32Array() }],
      ['an expiry that is no instant', { type: 'fact', content: 'x', expires_at: 'tomorrow' }],
      ['metadata that is no object', { type: 'fact', content: 'x', metadata: [1] }],
    ])('with %s are refused, and nothing changes', async (_what, memory) => {
      const attempt = async () => store.create(memory as unknown as NewMemory);
      await expect(attempt()).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
      expect(await store.find()).toEqual([]);
    });
  });
}
