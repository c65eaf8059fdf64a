import type { Database } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { LangGraphStore } from '@codebuddy/db-memory/langgraph';
import { keyBefore, numberOf, partsOf, type Stage, textOf, type WritingCalls } from './writing-call.ts';

const VECTOR = Float32Array.of(1, 2, 3);
const YEAR_2026 = Date.UTC(2026, 0, 1);

const newMemory = (id: string) => ({ id, type: 'fact' as const, content: textOf(id) });

const AT = '2026-01-01T00:00:00.000Z';

/** A memory as an import brings it. */
const recordOf = (id: string) => ({
  ...newMemory(id),
  scope: 'user' as const,
  importance: 0.5,
  access_count: 1,
  created_at: AT,
  last_accessed: AT,
});

const repository = ({ db }: { db: Database }) => new MemoryRepository(db);

/** A memory for each key, all of one model. */
function storeMemories({ db }: Stage, keys: readonly string[]): void {
  const memories = keys.map((key) => ({ ...newMemory(key), embedding: VECTOR, embedding_model: 'm' }));
  new MemoryRepository(db).bulkCreate(memories);
}

export const memoryCalls: WritingCalls = {
  'MemoryRepository.create': {
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.create(newMemory(key));
    },
    stored: 'SELECT id FROM memories',
  },
  'MemoryRepository.bulkCreate': {
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.bulkCreate(partsOf(key).map(newMemory));
    },
    stored: `SELECT ${keyBefore('/', 'id')} FROM memories`,
    rows: 3,
  },
  'MemoryRepository.getById': {
    prepare: storeMemories,
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.getById(key);
    },
  },
  'MemoryRepository.update': {
    prepare: storeMemories,
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.update(key, { content: textOf(`changed-${key}`) });
    },
    stored: "SELECT id FROM memories WHERE content LIKE 'changed%'",
  },
  'MemoryRepository.supersede': {
    prepare: storeMemories,
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.supersede(key, newMemory(`newer-${key}`));
    },
    stored: `SELECT id FROM memories WHERE superseded_at IS NOT NULL
      UNION ALL SELECT substr(id, 7) FROM memories WHERE id LIKE 'newer-%'`,
    rows: 2,
  },
  'MemoryRepository.delete': {
    prepare: storeMemories,
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.delete(key);
    },
    deleted: 'SELECT id FROM memories',
  },
  'MemoryRepository.deleteExpired': {
    prepare: ({ db }, keys) => {
      const expiry = (key: string) => new Date(YEAR_2026 + numberOf(key) * 1_000);
      const memories = keys.map((key) => ({ ...newMemory(key), expires_at: expiry(key) }));
      new MemoryRepository(db).bulkCreate(memories);
    },
    begin: ({ db }) => {
      let now = YEAR_2026 - 1;
      const memories = new MemoryRepository(db, { clock: () => now });
      return (key) => {
        now = YEAR_2026 + numberOf(key) * 1_000;
        memories.deleteExpired();
      };
    },
    deleted: 'SELECT id FROM memories',
  },
  'MemoryRepository.replaceVectors': {
    prepare: storeMemories,
    begin: (stage) => {
      const memories = repository(stage);
      return (key) =>
        memories.replaceVectors('n', [{ key: numberOf(key) + 1, text: textOf(key), embedding: Float32Array.of(3) }]);
    },
    stored: "SELECT id FROM memories WHERE embedding_model = 'n'",
  },
  'MemoryRepository.importMemories': {
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.importMemories(partsOf(key).map(recordOf));
    },
    stored: `SELECT ${keyBefore('/', 'id')} FROM memories`,
    rows: 3,
  },
  'MemoryRepository.mergeMemories': {
    prepare: storeMemories,
    begin: (stage) => {
      const memories = repository(stage);
      return (key) => memories.mergeMemories([{ ...recordOf(key), importance: 0.75 }]);
    },
    stored: 'SELECT id FROM memories WHERE importance = 0.75',
  },
  'LangGraphStore.batch': {
    prepare: ({ manager }) => LangGraphStore.create(manager),
    begin: async ({ manager }) => {
      const store = await LangGraphStore.create(manager);
      return (key) =>
        store.batch(partsOf(key).map((part) => ({ namespace: ['a'], key: part, value: { text: textOf(part) } })));
    },
    stored: `SELECT ${keyBefore('/', 'key')} FROM langgraph_store_items`,
    rows: 3,
  },
  'LangGraphStore.batch, deleting': {
    prepare: async ({ manager }, keys) => {
      const store = await LangGraphStore.create(manager);
      await store.batch(keys.map((key) => ({ namespace: ['a'], key, value: { text: textOf(key) } })));
    },
    begin: async ({ manager }) => {
      const store = await LangGraphStore.create(manager);
      return (key) => store.batch([{ namespace: ['a'], key, value: null }]);
    },
    deleted: 'SELECT key FROM langgraph_store_items',
  },
};

export const memoryReads = [
  'MemoryRepository.find',
  'MemoryRepository.search',
  'MemoryRepository.searchSimilar',
  'MemoryRepository.redactMemory',
  'MemoryRepository.searchHybrid',
  'MemoryRepository.getHistory',
  'MemoryRepository.findPendingEmbedding',
  'MemoryRepository.getStats',
  'MemoryRepository.countOutdated',
  'MemoryRepository.findOutdated',
  'MemoryRepository.locateMemories',
];
