import * as cache from '@codebuddy/db-cache';
import * as keyv from '@codebuddy/db-cache/keyv';
import { initializeDatabase, resetDatabaseManager } from '@codebuddy/db-core';
import type { PublicModule } from './public-object.ts';

const AT = '2026-01-01T00:00:00.000Z';
const VECTOR = Float32Array.of(1, 2, 3);

export const cacheModule: PublicModule = {
  exports: { ...cache, ...keyv },
  objects: {
    CacheRepository: ({ db }) => ({
      target: new cache.CacheRepository(db),
      calls: cacheCalls(),
      open: { 'set.1': 'is the value', redactEntry: 'returns the entry as it is otherwise' },
    }),
    SemanticCache: ({ db }) => ({
      target: new cache.SemanticCache(new cache.CacheRepository(db), {
        namespace: 'n',
        model: 'm',
        embeddingModel: 'e',
      }),
      calls: answerCalls(),
      open: { 'store.2': 'is the answer' },
    }),
    KeyvCacheStore: ({ db }) => ({
      target: new keyv.KeyvCacheStore(new cache.CacheRepository(db)),
      calls: keyvCalls(),
      open: { 'set.1': 'is the value', 'setMany.0': 'Keyv makes the entries' },
    }),
  },
  functions: ({ db }) => ({
    target: {
      'new CacheRepository': (options: object) => new cache.CacheRepository(db, options).set('k', 1, { tags: ['t'] }),
      getCacheRepository: async (options: cache.CacheOptions) => {
        cache.resetCacheRepository();
        resetDatabaseManager();
        await initializeDatabase({ inMemory: true });
        cache.getCacheRepository(options).set('k', 1);
      },
      'new KeyvCacheStore': (options: keyv.KeyvCacheStoreOptions) =>
        new keyv.KeyvCacheStore(new cache.CacheRepository(db), options).set('k', 1),
      'new SemanticCache': (options: cache.SemanticCacheOptions) =>
        new cache.SemanticCache(new cache.CacheRepository(db), options).store('a question', VECTOR, 1),
    },
    calls: {
      'new CacheRepository': [{ clock: () => 1, maxEntries: 100, maxBytes: 100_000, redact: String }],
      getCacheRepository: [{ maxEntries: 100, redact: String }],
      'new KeyvCacheStore': [{ partition: 'p' }],
      'new SemanticCache': [{ namespace: 'n', model: 'm', embeddingModel: 'e', threshold: 0.9 }],
    },
  }),
  withoutInput: ['resetCacheRepository'],
};

function cacheCalls() {
  const options = {
    ttlMs: 1_000,
    staleMs: 1_000,
    category: 'c',
    tags: ['t'],
    embedding: VECTOR,
    embeddingModel: 'm',
  };
  const { embedding: _, embeddingModel: __, ...computed } = options;
  const imported = { key: 'i', value: 1, created_at: AT, hits: 1, category: 'c', embedding: VECTOR };
  return {
    get: ['k'],
    getEntry: ['k'],
    set: ['k', { a: 1 }, options],
    setMany: [[{ key: 'k', value: { a: 1 }, ...options }]],
    getOrCompute: ['computed', () => 1, computed],
    delete: ['k'],
    deleteMany: [['k']],
    deleteByPattern: ['none'],
    deleteByCategory: ['none'],
    deleteByTag: ['none'],
    deleteExpired: [],
    clear: ['none'],
    has: ['k'],
    keys: [{ category: 'c', includeExpired: true }],
    entries: ['k'],
    searchSimilar: [VECTOR, 'c', 3, 'm'],
    getStats: [],
    getSizeEstimate: [],
    flush: [],
    importEntries: [[imported]],
    locateEntries: [['k']],
    redactEntry: [imported],
  };
}

function answerCalls() {
  return {
    store: ['a question', VECTOR, { answer: 1 }, { ttlMs: 1_000 }],
    find: ['a question', VECTOR],
    evict: ['none'],
    clear: [],
  };
}

function keyvCalls() {
  const ttl = 60_000;
  return {
    get: ['k'],
    getMany: [['k']],
    set: ['k', { a: 1 }, ttl],
    setMany: [[{ key: 'k', value: { a: 1 }, ttl }]],
    delete: ['none'],
    deleteMany: [['none']],
    has: ['k'],
    hasMany: [['k']],
    iterator: [],
    clear: [],
    disconnect: [],
  };
}
