import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/db-core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CacheRepository } from '../src/index.ts';

let database: TemporaryDatabase;
let cache: CacheRepository;
beforeEach(async () => {
  database = await temporaryDatabase();
  cache = new CacheRepository(database.db);
});
afterEach(() => database[Symbol.dispose]());

it('keys that SQLite could not tell apart are refused, in writing and in reading', async () => {
  const refused = expect.objectContaining({ code: 'DB_INVALID_INPUT' });
  cache.set('\ufffd', 'stored');
  for (const key of ['\ud800', '\ud801', 'a\udc00b', 'a\0b', '\0', '']) {
    for (const call of [
      () => cache.set(key, 1),
      () => cache.setMany([{ key, value: 1 }]),
      () => cache.get(key),
      () => cache.getEntry(key),
      () => cache.has(key),
      () => cache.delete(key),
      () => cache.deleteMany([key]),
    ])
      expect(call).toThrow(refused);
    await expect(cache.getOrCompute(key, () => 1)).rejects.toEqual(refused);
  }
  expect(cache.keys()).toEqual(['\ufffd']);
  cache.set('🙂', 'whole');
  expect(cache.get('🙂')).toBe('whole');
});

it('an expression deletes by its meaning whatever its flags, or is refused', () => {
  const keys = ['Alpha', 'alpha', 'beta'];
  for (const flags of ['', 'g', 'y', 'u', 'v', 's', 'd', 'm', 'gy', 'dgimsuy', 'dgimsvy']) {
    cache.clear();
    for (const key of keys) cache.set(key, 1);
    expect(cache.deleteByPattern(new RegExp('^alpha$', flags)), flags).toBe(flags.includes('i') ? 2 : 1);
  }
  const odd = Object.defineProperty(/a/, 'flags', { value: 'zz' });
  expect(() => cache.deleteByPattern(odd)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
});
