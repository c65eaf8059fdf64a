import { initializeDatabase, redactSecrets, resetDatabaseManager } from '@codebuddy/db-core';
import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import Keyv from 'keyv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheRepository, getCacheRepository, resetCacheRepository, SemanticCache } from '../src/index.ts';
import { KeyvCacheStore } from '../src/keyv.ts';

const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
const GONE = '[redacted: GitHub token]';
const value = (token: string) => ({ text: `line\n${token}`, [token]: [JSON.stringify({ out: `\t${token}` })] });

describe('a cache that redacts secrets', () => {
  let database: TemporaryDatabase;
  let cache: CacheRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    cache = new CacheRepository(database.db, { redact: redactSecrets });
  });
  afterEach(() => database[Symbol.dispose]());

  it('stores values without them, however they come', async () => {
    cache.set('set', value(TOKEN));
    cache.setMany([{ key: 'many', value: value(TOKEN) }]);
    const record = {
      key: 'import',
      value: value(TOKEN),
      created_at: '2026-01-01T00:00:00.000Z',
      hits: 0,
      category: 'c',
    };
    cache.importEntries([record]);
    expect(await cache.getOrCompute('computed', () => value(TOKEN))).toEqual({ value: value(TOKEN), cached: false });
    for (const key of ['set', 'many', 'import', 'computed']) expect(cache.get(key), key).toEqual(value(GONE));
    expect(Buffer.from(database.db.serialize()).includes(TOKEN)).toBe(false);
  });

  it('keeps keys, tags and categories, by which values are found', () => {
    cache.set(TOKEN, 1, { tags: [TOKEN], category: TOKEN });
    expect([cache.get(TOKEN), cache.keys({ category: TOKEN }), cache.deleteByTag(TOKEN)]).toEqual([1, [TOKEN], 1]);
  });

  it('does so for answers and for Keyv', async () => {
    const answers = new SemanticCache(cache, { namespace: 'n', model: 'm', embeddingModel: 'e' });
    answers.store(`what is ${TOKEN}`, Float32Array.of(1, 0), `a token:\n${TOKEN}`);
    const keyv = new Keyv({ store: new KeyvCacheStore(cache) });
    await keyv.set('k', value(TOKEN));
    expect(await keyv.get('k')).toEqual(value(GONE));
    expect(Buffer.from(database.db.serialize()).includes(TOKEN)).toBe(false);
  });

  it('is the shared one where that was asked for when it was made, and stays so on the next connection', async () => {
    await initializeDatabase({ inMemory: true });
    getCacheRepository({ redact: redactSecrets }).set('k', TOKEN);
    expect(getCacheRepository().get('k')).toBe(GONE);
    resetDatabaseManager();
    await initializeDatabase({ inMemory: true });
    getCacheRepository().set('k', TOKEN);
    expect(getCacheRepository().get('k')).toBe(GONE);
    resetCacheRepository();
    getCacheRepository().set('k', TOKEN);
    expect(getCacheRepository().get('k')).toBe(TOKEN);
    resetCacheRepository();
    resetDatabaseManager();
  });
});

it('a cache keeps values as they are where it was not asked to, whatever its connection redacts', async () => {
  using database = await temporaryDatabase({ redact: redactSecrets });
  const cache = new CacheRepository(database.db);
  cache.set('token', value(TOKEN));
  expect(cache.get('token')).toEqual(value(TOKEN));
  const none: object = { redact: 'redactSecrets' };
  expect(() => new CacheRepository(database.db, none)).toThrow(/Invalid redact/);
});
