import { runInNewContext } from 'node:vm';
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

    it('tell null and undefined apart from nothing', () => {
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

    class Point {
      x = 1;
    }
    const circle: { self?: unknown; other?: unknown } = {};
    circle.self = circle;
    circle.other = circle;
    it.each<[string, unknown, string]>([
      ['a Map', new Map([['secret', 1]]), 'a Map'],
      ['a Set in an array', [1, new Set(['secret'])], 'item 2 (counted from 1), a Set'],
      ['an error', { ok: true, cause: new TypeError('secret') }, 'property 2 (counted from 1), an error'],
      ['an error of another realm', runInNewContext('[new Error("secret")]'), 'an error'],
      ['an expression', /secret/, 'a regular expression'],
      ['bytes', { secret: Buffer.from('secret') }, 'property 1 (counted from 1), bytes'],
      ['numbers of a typed array', new Float32Array(2), 'bytes'],
      ['a bigint', { secret: [{ a: 1n }] }, 'property 1, item 1, property 1 (counted from 1), a bigint'],
      ['NaN', [Number.NaN], 'NaN'],
      ['an instance of a class', { secret: new Point() }, 'an instance of a class'],
      ['a function', { a: 1, secret: () => 'secret' }, 'property 2 (counted from 1), a function'],
      ['a symbol', [Symbol('secret')], 'a symbol'],
      ['undefined in an array', ['secret', undefined], 'item 2 (counted from 1), undefined'],
      ['a hole in an array', Object.assign(['secret'], { length: 2 }), 'undefined'],
      ['a promise', { secret: Promise.resolve(1) }, 'a promise'],
      ['a Map that toJSON returns', { toJSON: () => ({ secret: new Map() }) }, 'property 1 (counted from 1), a Map'],
      ['a circle', circle, 'no cycle'],
    ])('are refused if they hold %s, and the error says where but not what', (_, value, place) => {
      cache.set('k', 'before');
      const refusal = catching(() => cache.set('k', value));
      expect(refusal).toMatchObject({ code: 'DB_INVALID_INPUT', field: 'value' });
      expect(String(refusal)).toContain(place);
      expect(String(refusal)).not.toContain('secret');
      expect(cache.get('k')).toBe('before');
    });

    it('come back if JSON holds them, of another realm too, and what has toJSON as that makes it', () => {
      const shared = { a: 1 };
      const values = [
        [shared, shared],
        Object.create(null, { a: { value: 1, enumerable: true } }),
        { gone: undefined },
      ];
      for (const value of [...values, runInNewContext('({ a: [{ b: null }] })')]) {
        cache.set('k', value);
        expect(cache.get('k')).toEqual(JSON.parse(JSON.stringify(value)));
      }
      cache.set('k', { at: new Date(0), url: new URL('https://example.com') });
      expect(cache.get('k')).toEqual({ at: '1970-01-01T00:00:00.000Z', url: 'https://example.com/' });
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

    it('stores nothing for 0, and removes what was there', () => {
      cache.set('k', 1);
      cache.set('k', 2, { ttlMs: 0 });
      expect(cache.keys({ includeExpired: true })).toEqual([]);
    });

    it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5 minutes', '-5m', ''])('is refused as %s', (ttlMs) => {
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
    expect(cache.locateEntries(['k', 'absent'])).toEqual([record, null]);
    expect(cache.getEntry('k')).toEqual({
      value: null,
      createdAt: '2025-01-01T00:00:00.000Z',
      hits: 7,
      category: 'migrated',
    });
  });
});

function catching(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
