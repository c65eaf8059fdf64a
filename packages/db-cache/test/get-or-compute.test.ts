import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheRepository } from '../src/index.ts';

describe('getOrCompute', () => {
  let database: TemporaryDatabase;
  let cache: CacheRepository;
  const clock = fakeClock();
  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    database = await temporaryDatabase();
    cache = new CacheRepository(database.db, { clock });
  });
  afterEach(() => database[Symbol.dispose]());

  it('computes once for concurrent callers, and then not at all', async () => {
    let computed = 0;
    const compute = async () => {
      computed++;
      await new Promise((resolve) => setImmediate(resolve));
      return { answer: 42 };
    };
    const results = await Promise.all([1, 2, 3].map(() => cache.getOrCompute('k', compute, { ttlMs: '1h' })));
    expect(results).toEqual(Array(3).fill({ value: { answer: 42 }, cached: false }));
    expect(await cache.getOrCompute('k', compute)).toEqual({ value: { answer: 42 }, cached: true });
    expect(computed).toBe(1);
  });

  it.each([null, undefined, 0, '', false])('caches %s', async (value) => {
    await cache.getOrCompute('k', () => value);
    expect(await cache.getOrCompute('k', () => expect.unreachable())).toEqual({ value, cached: true });
  });

  it('caches no failure', async () => {
    const failing = () => Promise.reject(new Error('not now'));
    await expect(Promise.all([cache.getOrCompute('k', failing), cache.getOrCompute('k', failing)])).rejects.toThrow(
      'not now',
    );
    expect(await cache.getOrCompute('k', () => 1)).toEqual({ value: 1, cached: false });
    const throwing = () => {
      throw new Error('at once');
    };
    await expect(cache.getOrCompute('other', throwing)).rejects.toThrow('at once');
  });

  it('hands a stale value out while a new one is computed behind it', async () => {
    const options = { ttlMs: 100, staleMs: 1_000 };
    await cache.getOrCompute('k', () => 'old', options);
    clock.advance(100);
    expect(await cache.getOrCompute('k', () => Promise.reject(new Error('down')), options)).toEqual({
      value: 'old',
      cached: true,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([cache.get('k'), cache.deleteExpired()]).toEqual([null, 0]);
    expect(await cache.getOrCompute('k', () => 'new', options)).toEqual({ value: 'old', cached: true });
    await new Promise((resolve) => setImmediate(resolve));
    expect(cache.get('k')).toBe('new');
    clock.advance(1_100);
    expect(await cache.getOrCompute('k', () => 'newest', options)).toEqual({ value: 'newest', cached: false });
  });

  describe.each(['absent', 'stale', 'expired'])('of a value that was %s', (before) => {
    const options = { tags: ['files'], category: 'trees', ttlMs: 1_000, staleMs: before === 'stale' ? 60_000 : 0 };
    beforeEach(() => {
      if (before === 'absent') return;
      cache.set('tree', 'older', options);
      clock.advance(2_000);
    });

    it.each<[string, (other: CacheRepository) => unknown]>([
      ['delete', (other) => other.delete('tree')],
      ['deleteMany', (other) => other.deleteMany(['tree'])],
      ['deleteByTag', (other) => other.deleteByTag('files')],
      ['deleteByPattern', (other) => other.deleteByPattern('tre')],
      ['deleteByPattern of an expression', (other) => other.deleteByPattern(/^tree$/)],
      ['deleteByCategory', (other) => other.deleteByCategory('trees')],
      ['clear', (other) => other.clear()],
      ['clear of a prefix', (other) => other.clear('t')],
      ['set', (other) => other.set('tree', 'new')],
      ['setMany', (other) => other.setMany([{ key: 'tree', value: 'new' }])],
      [
        'delete and a newer computation',
        async (other) => {
          other.delete('tree');
          await other.getOrCompute('tree', () => 'new');
        },
      ],
    ])('does not put back what %s has invalidated meanwhile', async (_, invalidate) => {
      for (const other of [cache, new CacheRepository(database.db, { clock })]) {
        const file = { content: 'old', read: Promise.withResolvers<void>() };
        const slow = cache.getOrCompute(
          'tree',
          async () => {
            const { content } = file;
            await file.read.promise;
            return content;
          },
          options,
        );
        clock.advance(1);
        file.content = 'new';
        await invalidate(other);
        file.read.resolve();
        await slow;
        await new Promise((resolve) => setImmediate(resolve));
        expect(await cache.getOrCompute('tree', () => file.content, options)).toMatchObject({ value: 'new' });
        cache.clear();
      }
    });

    it.each(['delete', 'deleteByTag', 'set', 'computeAndDelete'])(
      'does not put back what %s of another process has invalidated meanwhile',
      async (call) => {
        const worker = fileURLToPath(new URL('./support/invalidate.ts', import.meta.url));
        const compute = async () => {
          execFileSync(process.execPath, [worker, database.path, call]);
          return 'old';
        };
        await cache.getOrCompute('tree', compute, options);
        await new Promise((resolve) => setImmediate(resolve));
        const { value } = await cache.getOrCompute('tree', () => 'new', options);
        expect(value).toBe('new');
      },
    );

    it('stores the value whatever else happens to the cache', async () => {
      const step = Promise.withResolvers<void>();
      const slow = cache.getOrCompute('tree', () => step.promise.then(() => 'fresh'), options);
      expect([cache.get('tree'), cache.has('tree')]).toEqual([null, false]);
      cache.set('another', 1, { tags: ['t'], category: 'c' });
      cache.deleteByTag('t');
      cache.deleteByCategory('c');
      cache.clear('other');
      cache.deleteExpired();
      step.resolve();
      await slow;
      await new Promise((resolve) => setImmediate(resolve));
      expect(cache.get('tree')).toBe('fresh');
    });
  });

  it('computes anew for a caller who comes after the invalidation', async () => {
    const step = Promise.withResolvers<void>();
    const first = cache.getOrCompute('k', () => step.promise.then(() => 'old'));
    cache.delete('k');
    const second = await cache.getOrCompute('k', () => 'new');
    step.resolve();
    expect([(await first).value, second.value, cache.get('k')]).toEqual(['old', 'new', 'new']);
  });

  it('leaves nothing behind of a computation that failed, or of a process that ended', async () => {
    await expect(cache.getOrCompute('k', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await expect(cache.getOrCompute('k', () => new Map())).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
    expect(database.db.prepare('SELECT * FROM cache').all()).toEqual([]);
    void cache.getOrCompute('k', () => Promise.withResolvers().promise, { tags: ['t'] });
    expect([cache.keys({ includeExpired: true }), cache.getStats().totalEntries]).toEqual([[], 0]);
    expect(cache.deleteExpired()).toBe(0);
    const other = database.connectAgain();
    expect((await new CacheRepository(other, { clock }).getOrCompute('k', () => 'other')).value).toBe('other');
    other.close();
    expect(cache.get('k')).toBe('other');
    void cache.getOrCompute('l', () => Promise.withResolvers().promise, { tags: ['t'] });
    clock.advance(2 * 3_600_000);
    expect(cache.deleteExpired()).toBe(1);
    expect(cache.keys({ includeExpired: true })).toEqual(['k']);
  });

  it('gives way to an import', async () => {
    const step = Promise.withResolvers<void>();
    const slow = cache.getOrCompute('k', () => step.promise.then(() => 'computed'));
    const record = { key: 'k', value: 'imported', category: 'c', created_at: '2025-01-01T00:00:00.000Z', hits: 0 };
    expect([cache.locateEntries(['k']), cache.importEntries([record])]).toEqual([[null], ['inserted']]);
    step.resolve();
    await slow;
    expect(cache.get('k')).toBe('imported');
  });
});
