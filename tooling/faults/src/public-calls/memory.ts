import * as memory from '@codebuddy/db-memory';
import * as langgraph from '@codebuddy/db-memory/langgraph';
import { LengthEmbeddings } from './length-embeddings.ts';
import type { PublicModule } from './public-object.ts';

const VECTOR = Float32Array.of(1, 2, 3);
const AT = '2026-01-01T00:00:00.000Z';
const page = { limit: 5, offset: 1 };

export const memoryModule: PublicModule = {
  exports: { ...memory, ...langgraph },
  objects: {
    MemoryRepository: ({ db }) => {
      const repository = new memory.MemoryRepository(db);
      repository.create({ id: 'old', type: 'fact', content: 'old' });
      return {
        target: repository,
        calls: memoryCalls(),
        open: {
          redactMemory: 'returns the memory as it is otherwise',
          locateMemories: 'finds what a record says, and stores none of it',
        },
      };
    },
    LangGraphStore: async ({ manager }) => ({
      target: await langgraph.LangGraphStore.create(manager, {
        index: { dims: 1, embeddings: new LengthEmbeddings() },
      }),
      calls: storeCalls(),
      foreignErrors: ['InvalidNamespaceError'],
      open: { batch: 'LangGraph makes the operations' },
    }),
  },
  functions: ({ db, manager }) => ({
    target: {
      'new MemoryRepository': (options: object) =>
        new memory.MemoryRepository(db, options).create({ type: 'fact', content: 'x' }),
      'LangGraphStore.create': async (options: object) => {
        const store = await langgraph.LangGraphStore.create(manager, options);
        await store.put(['a'], 'k', { text: 'x' });
        await store.search(['a'], { query: 'x' });
      },
    },
    calls: {
      'new MemoryRepository': [{ clock: () => 1, generateId: () => 'generated' }],
      'LangGraphStore.create': [
        { clock: () => 1, index: { dims: 1, embeddings: new LengthEmbeddings(), fields: ['text'] } },
      ],
    },
    open: { 'LangGraphStore.create.0.index': "is LangGraph's" },
  }),
  withoutInput: ['getMemoryRepository', 'resetMemoryRepository'],
};

function memoryCalls() {
  const memory = {
    id: 'a',
    type: 'fact',
    scope: 'project',
    project_id: 'p',
    content: 'a memory',
    embedding: VECTOR,
    embedding_model: 'm',
    importance: 0.5,
    expires_at: '2099-01-01T00:00:00.000Z',
    metadata: { a: 1 },
  };
  const conditions = { type: ['fact'], scope: 'project', projectId: 'p', minImportance: 0.1 };
  const filter = { ...conditions, ...page };
  const record = { ...memory, access_count: 1, created_at: AT, last_accessed: AT };
  return {
    create: [memory],
    bulkCreate: [[memory, { type: 'fact', content: 'b' }]],
    getById: ['a'],
    find: [filter],
    search: ['a memory', { ...filter, includeSuperseded: true, highlight: ['<', '>'], match: 'any' }],
    searchSimilar: [VECTOR, { ...conditions, embeddingModel: 'm', mode: 'exact' }, 3],
    searchHybrid: ['a memory', VECTOR, { ...conditions, embeddingModel: 'm', diversity: 0.5, limit: 5 }],
    update: ['a', { content: 'changed', importance: 1, expires_at: null, metadata: {} }],
    supersede: ['old', { type: 'fact', content: 'newer' }],
    getHistory: ['a'],
    delete: ['a'],
    deleteExpired: [],
    findPendingEmbedding: [3],
    getStats: [],
    countOutdated: ['m'],
    findOutdated: ['m', 0, 5],
    replaceVectors: ['n', [{ key: 1, text: 'a memory', embedding: VECTOR }]],
    importMemories: [[record]],
    locateMemories: [[record]],
    mergeMemories: [[record]],
    redactMemory: [record],
  };
}

function storeCalls() {
  const namespace = ['users', '42'];
  const filter = { age: { $gte: 3 }, name: 'a' };
  return {
    batch: [
      [
        { namespace, key: 'k', value: { text: 'x' }, index: ['text'] },
        { namespace, key: 'k' },
        { namespacePrefix: ['users'], filter, limit: 3, offset: 0, query: 'x' },
        { matchConditions: [{ matchType: 'prefix', path: ['users', '*'] }], maxDepth: 2, limit: 3, offset: 0 },
      ],
    ],
  };
}
