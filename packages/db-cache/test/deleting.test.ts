import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheRepository } from '../src/index.ts';

describe('deleting cache entries', () => {
  let database: TemporaryDatabase;
  let cache: CacheRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    cache = new CacheRepository(database.db);
    for (const key of ['user:1', 'user:2', 'page:1', '100%', 'a_b', 'axb'])
      cache.set(key, key, { category: key.slice(0, 4), tags: [key.slice(-1)] });
  });
  afterEach(() => database[Symbol.dispose]());

  it.each([
    ['user:', 2],
    ['1', 3],
    ['%', 1],
    ['a_b', 1],
    ['absent', 0],
  ])('takes the text %j literally', (pattern, count) => expect(cache.deleteByPattern(pattern)).toBe(count));

  it.each([
    [/^user:\d$/, 2],
    [/1/g, 3],
    [/USER/iy, 2],
    [/^$/, 0],
  ])('skips no key that the expression %s matches', (pattern, count) =>
    expect(cache.deleteByPattern(pattern)).toBe(count),
  );

  it('gives an expression up that never ends', () => {
    cache.set('a'.repeat(40), 1);
    expect(() => cache.deleteByPattern(/^(a+)+$b/)).toThrow(expect.objectContaining({ field: 'pattern' }));
    expect(cache.keys()).toHaveLength(7);
  });

  it('goes by key, category and tag, and clears everything', () => {
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
