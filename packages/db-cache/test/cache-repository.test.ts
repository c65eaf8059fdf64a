import { getDatabaseManager, initializeDatabase, resetDatabaseManager } from '@codebuddy/db-core';
import { fakeClock, type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CacheOptions,
  CacheRepository,
  getCacheRepository,
  resetCacheRepository,
  type SetOptions,
} from '../src/index.ts';

describe('CacheRepository', () => {
  let database: TemporaryDatabase;
  let cache: CacheRepository;
  const clock = fakeClock();
  const create = (options: CacheOptions = {}) => new CacheRepository(database.db, { clock, ...options });
  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    database = await temporaryDatabase();
    cache = create();
  });
  afterEach(() => database[Symbol.dispose]());

  describe('values', () => {
    it('come back as they went in', () => {
      fc.assert(
        fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (key, value) => {
          cache.set(key, value);
          expect(cache.get(key.toWellFormed())).toEqual(JSON.parse(JSON.stringify(value)));
        }),
        { numRuns: 200 },
      );
    });

    it('of null and undefined are told apart from nothing', () => {
      cache.set('null', null);
      cache.set('undefined', undefined);
      expect([cache.get('null'), cache.get('undefined'), cache.get('absent')]).toEqual([null, null, null]);
      expect(cache.getEntry('null')).toMatchObject({ value: null });
      expect(cache.getEntry('undefined')).toMatchObject({ value: undefined });
      expect(cache.getEntry('absent')).toBeUndefined();
      expect([cache.has('null'), cache.has('absent')]).toEqual([true, false]);
    });

    it('take the place of earlier ones, with all that belongs to them', () => {
      cache.set('k', 1, { ttlMs: 10, category: 'c', tags: ['t'], embedding: new Float32Array([1]) });
      cache.get('k');
      cache.set('k', 2);
      clock.advance(100);
      expect(cache.getEntry('k')).toEqual({ value: 2, createdAt: '2026-01-01T00:00:00.000Z', hits: 0 });
      expect([cache.deleteByTag('t'), cache.deleteByCategory('c')]).toEqual([0, 0]);
      expect(cache.searchSimilar(new Float32Array([1]))).toEqual([]);
    });

    it('that JSON cannot hold are refused, and nothing changes', () => {
      cache.set('k', 'before');
      for (const value of [1n, () => 1, { a: Number.NaN }]) {
        expect(() => cache.set('k', value)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
      }
      expect(() => cache.set('', 1)).toThrow(/Invalid key/);
      expect(cache.get('k')).toBe('before');
    });
  });

  it('stores several values together, or none', () => {
    const bounded = create({ maxEntries: 3 });
    bounded.set('gone', 1);
    clock.advance(1);
    bounded.setMany([
      { key: 'a', value: 1, tags: ['t'] },
      { key: 'b', value: 2, ttlMs: 10, category: 'c' },
      { key: 'c', value: 3 },
      { key: 'over', value: 4, ttlMs: 0 },
    ]);
    expect(bounded.keys()).toEqual(['a', 'b', 'c']);
    expect(() =>
      bounded.setMany([
        { key: 'a', value: 'changed' },
        { key: '', value: 1 },
      ]),
    ).toThrow(/Invalid key/);
    expect(bounded.get('a')).toBe(1);
    expect(bounded.deleteMany(['a', 'none'])).toEqual([true, false]);
    expect(bounded.deleteByTag('t')).toBe(0);
  });

  describe('time', () => {
    it('ends an entry at its very instant', () => {
      cache.set('k', 1, { ttlMs: 1_000 });
      clock.advance(999);
      expect([cache.get('k'), cache.has('k'), cache.keys()]).toEqual([1, true, ['k']]);
      clock.advance(1);
      expect([cache.get('k'), cache.has('k'), cache.keys(), cache.getEntry('k')]).toEqual([null, false, [], undefined]);
      expect(cache.keys({ includeExpired: true })).toEqual(['k']);
      expect(cache.getStats()).toMatchObject({ totalEntries: 1, expiredCount: 1 });
      expect([cache.deleteExpired(), cache.deleteExpired()]).toEqual([1, 0]);
    });

    it.each([
      ['90s', 90_000],
      ['1.5h', 5_400_000],
      ['30d', 2_592_000_000],
      ['2w', 1_209_600_000],
    ] as const)('is told as %s', (ttlMs, milliseconds) => {
      cache.set('k', 1, { ttlMs });
      clock.advance(milliseconds - 1);
      expect(cache.has('k')).toBe(true);
      clock.advance(1);
      expect(cache.has('k')).toBe(false);
    });

    it('of 0 stores nothing, and removes what was there', () => {
      cache.set('k', 1);
      cache.set('k', 2, { ttlMs: 0 });
      expect(cache.keys({ includeExpired: true })).toEqual([]);
    });

    it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5 minutes', '-5m', ''])('of %s is refused', (ttlMs) => {
      const options: object = { ttlMs };
      expect(() => cache.set('k', 1, options)).toThrow(expect.objectContaining({ field: 'ttlMs' }));
      expect(cache.has('k')).toBe(false);
    });

    it('that is set back brings nothing back', () => {
      cache.set('k', 1, { ttlMs: 1_000 });
      clock.advance(1_000);
      expect(cache.has('k')).toBe(false);
      clock.advance(-10_000);
      expect(cache.has('k')).toBe(false);
    });
  });

  describe('getOrCompute', () => {
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

  describe('deleting', () => {
    beforeEach(() => {
      for (const key of ['user:1', 'user:2', 'page:1', '100%', 'a_b', 'axb'])
        cache.set(key, key, { category: key.slice(0, 4), tags: [key.slice(-1)] });
    });

    it.each([
      ['user:', 2],
      ['1', 3],
      ['%', 1],
      ['a_b', 1],
      ['absent', 0],
    ])('by the text %j takes it literally', (pattern, count) => expect(cache.deleteByPattern(pattern)).toBe(count));

    it.each([
      [/^user:\d$/, 2],
      [/1/g, 3],
      [/USER/iy, 2],
      [/^$/, 0],
    ])('by the expression %s skips no key', (pattern, count) => expect(cache.deleteByPattern(pattern)).toBe(count));

    it('by an expression that never ends is given up', () => {
      cache.set('a'.repeat(40), 1);
      expect(() => cache.deleteByPattern(/^(a+)+$b/)).toThrow(expect.objectContaining({ field: 'pattern' }));
      expect(cache.keys()).toHaveLength(7);
    });

    it('by key, category, tag, and all', () => {
      expect([cache.delete('user:1'), cache.delete('user:1')]).toEqual([true, false]);
      expect(cache.deleteByCategory('page')).toBe(1);
      expect(cache.deleteByTag('b')).toBe(2);
      cache.clear('1');
      expect(cache.keys()).toEqual(['user:2']);
      cache.clear();
      expect(cache.getStats().totalEntries).toBe(0);
    });

    it('takes more keys at once than SQLite has variables', () => {
      database.manager.transaction(() => {
        for (let i = 0; i < 40_000; i++) cache.set(`many:${i}`, i);
      });
      expect(cache.deleteByPattern(/^many:/)).toBe(40_000);
    });
  });

  describe('bounds', () => {
    it('in entries let the least recently used go first', () => {
      const bounded = create({ maxEntries: 3 });
      for (const key of ['a', 'b', 'c']) {
        bounded.set(key, key);
        clock.advance(1);
      }
      bounded.get('a');
      clock.advance(1);
      bounded.set('d', 'd');
      expect(bounded.keys()).toEqual(['a', 'c', 'd']);
    });

    it('in bytes count keys, values and vectors', () => {
      const bounded = create({ maxBytes: 10_000 });
      for (let i = 0; i < 100; i++) {
        bounded.set(`key-${i}`, 'x'.repeat(200), { embedding: new Float32Array(25) });
        clock.advance(1);
        expect(bounded.getSizeEstimate()).toBeLessThanOrEqual(10_000);
      }
      expect(bounded.has('key-99')).toBe(true);
      expect(bounded.has('key-0')).toBe(false);
      bounded.set('too large', 'x'.repeat(20_000));
      expect(bounded.has('too large')).toBe(false);
      expect(() => create({ maxEntries: 0 })).toThrow(/maxEntries/);
    });

    it('are measured by totals that are always right', () => {
      const sum = () =>
        database.db.prepare('SELECT count(*) AS entries, ifnull(sum(size), 0) AS bytes FROM cache').get();
      const totals = () => database.db.prepare('SELECT entries, bytes FROM cache_totals').get();
      const key = fc.constantFrom('a', 'b', 'c', 'ü');
      const step = fc.oneof(
        fc.tuple(fc.constant('set'), key, fc.string()),
        fc.tuple(fc.constant('delete'), key, fc.constant('')),
        fc.tuple(fc.constant('clear'), key, fc.constant('')),
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
          for (const [call, name, value] of steps) {
            if (call === 'set') cache.set(name, value);
            else if (call === 'delete') cache.delete(name);
            else cache.clear();
          }
          expect(totals()).toEqual(sum());
        }),
        { numRuns: 50 },
      );
    });
  });

  it('counts hits without a write on every read, and writes them down together', () => {
    cache.set('k', 1);
    const changes = () => database.db.prepare('SELECT total_changes() AS n').get();
    const before = changes();
    for (let i = 0; i < 10; i++) cache.get('k');
    expect(changes()).toEqual(before);
    expect(cache.getEntry('k')?.hits).toBe(10);
    expect(cache.getStats()).toEqual({
      totalEntries: 1,
      totalHits: 11,
      byCategory: { uncategorized: 1 },
      expiredCount: 0,
    });
    cache[Symbol.dispose]();
  });

  it('writes hits down when the shared database is closed', async () => {
    using folder = new TemporaryFolder();
    const manager = await initializeDatabase({ dbPath: folder.join('cache.db') });
    getCacheRepository().set('k', 1);
    getCacheRepository().get('k');
    manager.close();
    await manager.initialize();
    expect(getCacheRepository().getEntry('k')).toMatchObject({ hits: 1 });
    resetCacheRepository();
    resetDatabaseManager();
    expect(getDatabaseManager().isInitialized()).toBe(false);
    resetDatabaseManager();
  });

  it('finds by meaning, in a category, live entries of one model', () => {
    const store = (key: string, x: number, options: SetOptions = {}) =>
      cache.set(key, key, { embedding: new Float32Array([x, 1]), ...options });
    store('a', 0, { category: 'c' });
    store('b', 1, { category: 'c' });
    store('gone', 0, { ttlMs: 1 });
    clock.advance(1);
    expect(cache.searchSimilar(new Float32Array([0, 1])).map(({ key }) => key)).toEqual(['a', 'b']);
    expect(cache.searchSimilar(new Float32Array([0, 1]), 'c', 1)).toEqual([{ key: 'a', value: 'a', similarity: 1 }]);
    expect(cache.searchSimilar(new Float32Array([0, 1]), 'other')).toEqual([]);
    store('other model', 0, { embeddingModel: 'm' });
    expect(() => cache.searchSimilar(new Float32Array([0, 1]))).toThrow(/embeddingModel/);
    expect(cache.searchSimilar(new Float32Array([0, 1]), undefined, 10, 'm').map(({ key }) => key)).toEqual([
      'other model',
    ]);
  });

  it('imports entries as they are, once', () => {
    const record = { key: 'k', value: null, created_at: '2025-01-01T00:00:00.000Z', hits: 7, category: 'migrated' };
    expect(cache.importEntries([record])).toEqual(['inserted']);
    expect(cache.importEntries([{ ...record, value: 2 }])).toEqual(['exists']);
    expect(cache.locateEntries(['k', 'absent'])).toEqual([true, false]);
    expect(cache.getEntry('k')).toEqual({
      value: null,
      createdAt: '2025-01-01T00:00:00.000Z',
      hits: 7,
      category: 'migrated',
    });
  });
});
