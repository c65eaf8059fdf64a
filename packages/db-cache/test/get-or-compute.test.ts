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
});
