import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, initializeDatabase, resetDatabaseManager } from '@codebuddy/db-core';
import * as embeddings from '@codebuddy/db-embeddings';
import * as aiSdk from '@codebuddy/db-embeddings/ai-sdk';
import { emptyFolder } from './folders.ts';
import type { PublicModule } from './public-object.ts';

const CONFIGURATION = 'warns: programs give one configuration to all of their parts';
const VECTOR = Float32Array.of(1, 2, 3);
const page = { limit: 5, offset: 1 };

export const embeddingsModule: PublicModule = {
  exports: { ...embeddings, ...aiSdk },
  objects: {
    EmbeddingRepository: ({ db }) => ({ target: new embeddings.EmbeddingRepository(db), calls: chunkCalls() }),
    EmbeddingProvider: () => ({ target: mock(), calls: providerCalls() }),
    LexicalEmbedder: () => ({ target: new embeddings.LexicalEmbedder(), calls: { embed: [['a text']] } }),
    ProjectIndexer: ({ db }) => ({
      target: new embeddings.ProjectIndexer(indexed(db)),
      calls: { index: [{ signal: new AbortController().signal, onProgress: () => undefined }] },
    }),
  },
  functions: ({ db }) => {
    const repository = new embeddings.EmbeddingRepository(db);
    const model = {
      specificationVersion: 'v4',
      provider: 'p',
      modelId: 'm',
      maxEmbeddingsPerCall: 10,
      supportsParallelCalls: true,
    } as const;
    return {
      target: {
        'new EmbeddingRepository': (options: object) =>
          new embeddings.EmbeddingRepository(db, options).cacheVectors('m', [{ text: 'x', embedding: VECTOR }]),
        getEmbeddingRepository: async (options: embeddings.EmbeddingRepositoryOptions) => {
          embeddings.resetEmbeddingRepository();
          resetDatabaseManager();
          await initializeDatabase({ inMemory: true });
          embeddings.getEmbeddingRepository(options).cacheVectors('m', [{ text: 'x', embedding: VECTOR }]);
        },
        'new EmbeddingProvider': (config: object) => new embeddings.EmbeddingProvider(config).embed('x'),
        'new ProjectIndexer': (config: Partial<embeddings.ProjectIndexerConfig>) => {
          const indexer = new embeddings.ProjectIndexer({ ...indexed(db), ...config });
          // A string that happens to name a folder, such as `/`, is a project: somebody's whole disk is not for a test.
          const isOurs = config?.projectPath?.includes('codebuddy-inputs-') === true;
          return isOurs || !existsSync(config?.projectPath ?? '') ? indexer.index() : undefined;
        },
        initializeEmbeddingProvider: (config: object) => {
          embeddings.resetEmbeddingProvider();
          return embeddings.initializeEmbeddingProvider(config);
        },
        getEmbeddingProvider: (config: object) => {
          embeddings.resetEmbeddingProvider();
          return embeddings.getEmbeddingProvider(config);
        },
        reembed: (options: object) =>
          embeddings.reembed({ db, provider: mock(), cache: repository, targets: [repository], ...options }),
        cacheEmbeddings: (values: string[], made: { embeddings: number[][]; warnings: [] }) =>
          aiSdk.cacheEmbeddings(repository).wrapEmbed?.({
            doEmbed: async () => made,
            params: { values },
            model: { ...model, doEmbed: async () => made },
          }),
      },
      calls: {
        'new EmbeddingRepository': [{ clock: () => 1, redact: String }],
        getEmbeddingRepository: [{ redact: String }],
        'new EmbeddingProvider': [{ provider: 'mock', model: 'm', dimensions: 3, maxBatch: 5 }],
        'new ProjectIndexer': [{ projectId: 'p', projectPath: emptyFolder(), maxFileBytes: 1_000, redact: String }],
        initializeEmbeddingProvider: [{ provider: 'mock' }],
        getEmbeddingProvider: [{ provider: 'mock' }],
        reembed: [{ signal: new AbortController().signal, onProgress: () => undefined }],
        cacheEmbeddings: [['a', 'b'], { embeddings: [[1], [2]], warnings: [] }],
      },
      open: {
        'new EmbeddingProvider.0': CONFIGURATION,
        'initializeEmbeddingProvider.0': CONFIGURATION,
        'getEmbeddingProvider.0': CONFIGURATION,
        'cacheEmbeddings.1': "is the model's answer",
      },
    };
  },
  withoutInput: ['resetEmbeddingRepository', 'resetEmbeddingProvider'],
};

function mock(): embeddings.EmbeddingProvider {
  return new embeddings.EmbeddingProvider({ provider: 'mock', dimensions: 3 });
}

/** A project of one file. */
function indexed(db: Database): embeddings.ProjectIndexerConfig {
  const projectPath = emptyFolder();
  writeFileSync(join(projectPath, 'a.ts'), 'export const a = 1;');
  return { repository: new embeddings.EmbeddingRepository(db), provider: mock(), projectId: 'p', projectPath };
}

function chunkCalls() {
  const chunk = {
    chunk_text: 'function a() {}',
    chunk_hash: 'h',
    embedding: VECTOR,
    embedding_model: 'm',
    symbol_type: 'function',
    symbol_name: 'a',
    start_line: 1,
    end_line: 2,
    language: 'ts',
  };
  const placed = { ...chunk, project_id: 'p', file_path: 'a.ts', chunk_index: 0 };
  const filter = { projectId: 'p', filePath: 'a.ts', symbolType: 'function', symbolName: 'a', language: 'ts' };
  return {
    upsert: [placed],
    bulkUpsert: [[placed]],
    replaceFile: ['p', 'a.ts', 'h', [chunk]],
    markIndexed: ['p', 'a.ts', 'h'],
    needsReindex: ['p', 'a.ts', 'h'],
    getById: [1],
    find: [{ ...filter, ...page }],
    searchSimilar: [VECTOR, { ...filter, embeddingModel: 'm', mode: 'exact' }, 3],
    searchHybrid: ['a', VECTOR, { ...filter, embeddingModel: 'm', diversity: 0.5, limit: 3 }],
    searchBySymbol: ['a', filter, 3],
    deleteForFile: ['p', 'none.ts'],
    deleteForProject: ['none'],
    deleteStale: ['p', ['a.ts']],
    getStats: ['p'],
    getModels: [],
    countOutdated: ['m'],
    findOutdated: ['m', 0, 5],
    replaceVectors: ['n', [{ key: 1, text: 'function a() {}', embedding: VECTOR }]],
    getCachedVector: ['text', 'm'],
    cacheVectors: ['m', [{ text: 'text', embedding: VECTOR }]],
    cacheVectorsSoon: ['m', [{ text: 'text', embedding: VECTOR }]],
    pruneVectorCache: [90],
  };
}

function providerCalls() {
  return {
    initialize: [],
    isReady: [],
    getProviderType: [],
    getModel: [],
    getDimensions: [],
    embed: ['a text', {}],
    embedBatch: [['a text', 'another'], {}],
  };
}
