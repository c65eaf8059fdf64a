import { fakeClock, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CacheOptions, CacheRepository } from '../src/index.ts';

describe('the bounds of a cache', () => {
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

  it('evict the least recently used entry once there are more than maxEntries', () => {
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

  it('keep the bytes of keys, values and vectors below maxBytes', () => {
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
    const sum = () => database.db.prepare('SELECT count(*) AS entries, ifnull(sum(size), 0) AS bytes FROM cache').get();
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
