import { CacheRepository, SemanticCache } from '@codebuddy/db-cache';
import { KeyvCacheStore } from '@codebuddy/db-cache/keyv';
import { list } from '../consistency.ts';
import {
  keyBefore,
  numberOf,
  partsOf,
  type Stage,
  textOf,
  type WritingCall,
  type WritingCalls,
} from './writing-call.ts';

const VECTOR = Float32Array.of(1, 2, 3);
const YEAR_2026 = Date.UTC(2026, 0, 1);
const KEYS = 'SELECT key FROM cache';
const PARTS = `SELECT ${keyBefore('/', 'key')} FROM cache`;
const QUESTIONS = "SELECT json_extract(value, '$.question') FROM cache";
const NAMES = { model: 'm', embeddingModel: 'e' };

const itemOf = (key: string) => ({ key, value: textOf(key) });

/** An entry for each key. */
function storeEntries({ db }: Stage, keys: readonly string[]): void {
  new CacheRepository(db).setMany(keys.map(itemOf));
}

/** Three entries for each key, which have it as their category and tag as well. */
function storeParts({ db }: Stage, keys: readonly string[]): void {
  const entries = keys.flatMap((key) =>
    partsOf(key).map((part) => ({ ...itemOf(part), category: key, tags: [key], embedding: VECTOR })),
  );
  new CacheRepository(db).setMany(entries);
}

/** A call of a cache. */
function on(
  prepare: WritingCall['prepare'],
  call: (cache: CacheRepository, key: string) => unknown,
  effect: Partial<WritingCall>,
): WritingCall {
  return {
    ...(prepare === undefined ? {} : { prepare }),
    begin: ({ db }) => call.bind(undefined, new CacheRepository(db)),
    ...effect,
  };
}

const DELETED_PARTS = { deleted: PARTS, rows: 3 };
const READ_ONCE = { stored: 'SELECT key FROM cache WHERE hits = 1' };

const repositoryCalls: WritingCalls = {
  'CacheRepository.get': on(storeEntries, (cache, key) => cache.get(key), {}),
  'CacheRepository.getEntry': on(storeEntries, (cache, key) => cache.getEntry(key), {}),
  'CacheRepository.flush': on(
    storeEntries,
    (cache, key) => {
      cache.get(key);
      cache.flush();
    },
    READ_ONCE,
  ),
  'CacheRepository.getStats': on(
    storeEntries,
    (cache, key) => {
      cache.get(key);
      cache.getStats();
    },
    {},
  ),
  'CacheRepository.set': on(undefined, (cache, key) => cache.set(key, textOf(key)), { stored: KEYS }),
  'CacheRepository.set, with tags': on(
    undefined,
    (cache, key) => cache.set(key, textOf(key), { tags: ['a', 'b'], embedding: VECTOR }),
    { stored: `${KEYS} UNION ALL SELECT key FROM cache_tags`, rows: 3 },
  ),
  'CacheRepository.set, within bounds': {
    begin: ({ db }) => {
      const cache = new CacheRepository(db, { maxEntries: 20 });
      return (key) => cache.set(key, textOf(key));
    },
  },
  'CacheRepository.setMany': on(undefined, (cache, key) => cache.setMany(partsOf(key).map(itemOf)), {
    stored: PARTS,
    rows: 3,
  }),
  // The caller has its value, whether it can be stored or not.
  'CacheRepository.getOrCompute': on(undefined, (cache, key) => cache.getOrCompute(key, () => textOf(key)), {}),
  'CacheRepository.delete': on(storeEntries, (cache, key) => cache.delete(key), { deleted: KEYS }),
  'CacheRepository.deleteMany': on(storeParts, (cache, key) => cache.deleteMany(partsOf(key)), DELETED_PARTS),
  'CacheRepository.deleteByPattern': on(storeParts, (cache, key) => cache.deleteByPattern(`${key}/`), DELETED_PARTS),
  'CacheRepository.deleteByPattern, an expression': on(
    storeParts,
    (cache, key) => cache.deleteByPattern(new RegExp(`^${key}/`)),
    DELETED_PARTS,
  ),
  'CacheRepository.deleteByCategory': on(storeParts, (cache, key) => cache.deleteByCategory(key), DELETED_PARTS),
  'CacheRepository.deleteByTag': on(storeParts, (cache, key) => cache.deleteByTag(key), DELETED_PARTS),
  'CacheRepository.deleteExpired': {
    prepare: ({ db }, keys) => {
      const cache = new CacheRepository(db, { clock: () => YEAR_2026 });
      cache.setMany(keys.map((key) => ({ ...itemOf(key), ttlMs: (numberOf(key) + 1) * 1_000 })));
    },
    begin: ({ db }) => {
      let now = YEAR_2026;
      const cache = new CacheRepository(db, { clock: () => now });
      return (key) => {
        now = YEAR_2026 + (numberOf(key) + 1) * 1_000;
        cache.deleteExpired();
      };
    },
    deleted: KEYS,
  },
  'CacheRepository.clear': on(storeParts, (cache) => cache.clear(), { ...DELETED_PARTS, together: true }),
  'CacheRepository.clear, by prefix': on(storeParts, (cache, key) => cache.clear(`${key}/`), DELETED_PARTS),
  'CacheRepository.importEntries': on(
    undefined,
    (cache, key) =>
      cache.importEntries(
        partsOf(key).map((part) => ({
          ...itemOf(part),
          created_at: '2026-01-01T00:00:00.000Z',
          hits: 1,
          category: 'migrated',
        })),
      ),
    { stored: PARTS, rows: 3 },
  ),
};

const semanticCalls: WritingCalls = {
  'SemanticCache.store': {
    begin: ({ db }) => {
      const answers = new SemanticCache(new CacheRepository(db), { namespace: 'a', ...NAMES });
      return (key) => answers.store(key, VECTOR, textOf(key));
    },
    stored: QUESTIONS,
  },
  'SemanticCache.evict': {
    prepare: ({ db, manager }, keys) => {
      const answers = new SemanticCache(new CacheRepository(db), { namespace: 'a', ...NAMES });
      manager.transaction(() => {
        for (const key of keys) answers.store(key, VECTOR, textOf(key));
      });
    },
    begin: ({ db }) => {
      const answers = new SemanticCache(new CacheRepository(db), { namespace: 'a', ...NAMES });
      const stored = list(db, `SELECT key FROM cache ORDER BY id`);
      return (key) => answers.evict(stored[numberOf(key)] ?? '');
    },
    deleted: QUESTIONS,
  },
  'SemanticCache.clear': {
    prepare: ({ db, manager }, keys) => {
      const cache = new CacheRepository(db);
      manager.transaction(() => {
        for (const key of keys) new SemanticCache(cache, { namespace: key, ...NAMES }).store(key, VECTOR, textOf(key));
      });
    },
    begin: ({ db }) => {
      const cache = new CacheRepository(db);
      return (key) => new SemanticCache(cache, { namespace: key, ...NAMES }).clear();
    },
    deleted: QUESTIONS,
  },
};

/** A call of a store whose keys begin with `keyv//`. */
function onKeyv(
  prepare: ((store: KeyvCacheStore, keys: readonly string[]) => unknown) | undefined,
  call: (store: KeyvCacheStore, key: string) => unknown,
  effect: Partial<WritingCall>,
): WritingCall {
  const storeOf = ({ db }: Stage) => new KeyvCacheStore(new CacheRepository(db));
  return {
    ...(prepare === undefined ? {} : { prepare: (stage, keys) => prepare(storeOf(stage), keys) }),
    begin: (stage) => call.bind(undefined, storeOf(stage)),
    ...effect,
  };
}

const keyvStores = (store: KeyvCacheStore, keys: readonly string[]) => store.setMany(keys.map(itemOf));
const keyvStoresParts = (store: KeyvCacheStore, keys: readonly string[]) =>
  store.setMany(keys.flatMap((key) => partsOf(key).map(itemOf)));
const KEYV_KEYS = 'SELECT substr(key, 7) FROM cache';
const KEYV_PARTS = "SELECT substr(key, 7, instr(substr(key, 7), '/') - 1) FROM cache";

const keyvCalls: WritingCalls = {
  'KeyvCacheStore.get': onKeyv(keyvStores, (store, key) => store.get(key), {}),
  'KeyvCacheStore.getMany': onKeyv(keyvStores, (store, key) => store.getMany([key]), {}),
  'KeyvCacheStore.disconnect': onKeyv(
    keyvStores,
    async (store, key) => {
      await store.get(key);
      await store.disconnect();
    },
    { stored: 'SELECT substr(key, 7) FROM cache WHERE hits = 1' },
  ),
  'KeyvCacheStore.set': onKeyv(undefined, (store, key) => store.set(key, textOf(key)), { stored: KEYV_KEYS }),
  'KeyvCacheStore.setMany': onKeyv(undefined, (store, key) => store.setMany(partsOf(key).map(itemOf)), {
    stored: KEYV_PARTS,
    rows: 3,
  }),
  'KeyvCacheStore.delete': onKeyv(keyvStores, (store, key) => store.delete(key), { deleted: KEYV_KEYS }),
  'KeyvCacheStore.deleteMany': onKeyv(keyvStoresParts, (store, key) => store.deleteMany(partsOf(key)), {
    deleted: KEYV_PARTS,
    rows: 3,
  }),
  'KeyvCacheStore.clear': onKeyv(keyvStoresParts, (store) => store.clear(), {
    deleted: KEYV_PARTS,
    rows: 3,
    together: true,
  }),
};

export const cacheCalls: WritingCalls = { ...repositoryCalls, ...semanticCalls, ...keyvCalls };

export const cacheReads = [
  'CacheRepository.has',
  'CacheRepository.keys',
  'CacheRepository.entries',
  'CacheRepository.searchSimilar',
  'CacheRepository.getSizeEstimate',
  'CacheRepository.locateEntries',
  'CacheRepository.redactEntry',
  'SemanticCache.find',
  'KeyvCacheStore.has',
  'KeyvCacheStore.hasMany',
  'KeyvCacheStore.iterator',
];
