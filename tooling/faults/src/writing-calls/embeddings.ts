import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@codebuddy/db-core';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer, reembed } from '@codebuddy/db-embeddings';
import { cacheEmbeddings } from '@codebuddy/db-embeddings/ai-sdk';
import { dayOf, numberOf, partsOf, type Stage, textOf, type WritingCall, type WritingCalls } from './writing-call.ts';

const VECTOR = Float32Array.of(1, 2, 3);
const CHUNKS_AND_FILE = 'SELECT file_path FROM code_chunks UNION ALL SELECT file_path FROM indexed_files';

const chunkOf = (text: string) => ({ chunk_text: textOf(text), embedding: VECTOR, embedding_model: 'm' });

const placed = (path: string, chunk_index: number, text: string) => ({
  ...chunkOf(text),
  project_id: 'p',
  file_path: path,
  chunk_index,
});

/** A file of three chunks for each key, in one project. */
function storeFiles(
  { db, manager }: Stage,
  keys: readonly string[],
  project: (key: string) => string = () => 'p',
): void {
  const index = new EmbeddingRepository(db);
  manager.transaction(() => {
    for (const key of keys) index.replaceFile(project(key), key, 'hash', partsOf(key).map(chunkOf));
  });
}

/** A chunk for each key, in the order of the keys. */
function storeChunks({ db }: Stage, keys: readonly string[]): void {
  new EmbeddingRepository(db).bulkUpsert(keys.map((key) => placed(key, 0, key)));
}

/** A call of an index. */
function on(
  prepare: WritingCall['prepare'],
  call: (index: EmbeddingRepository, key: string) => unknown,
  effect: Partial<WritingCall>,
): WritingCall {
  return {
    ...(prepare === undefined ? {} : { prepare }),
    begin: ({ db }) => call.bind(undefined, new EmbeddingRepository(db)),
    ...effect,
  };
}

/** A model that tells its vectors from those of others by their length. */
function provider(model: string, dimensions: number): EmbeddingProvider {
  const embed = async (texts: string[]) => texts.map((text) => Array.from({ length: dimensions }, () => text.length));
  return new EmbeddingProvider({ provider: embed, model, maxBatch: 100 });
}

/** A model that keeps its vectors, of which each begins with the number of its key, counted from 1. */
function cachingProvider(db: Database): EmbeddingProvider {
  const embed = async (texts: string[]) => texts.map((text) => Array.from({ length: 256 }, () => numberOf(text) + 1));
  return new EmbeddingProvider({ provider: embed, model: 'caching', maxBatch: 1 }, new EmbeddingRepository(db));
}

export const embeddingCalls: WritingCalls = {
  'EmbeddingRepository.upsert': on(undefined, (index, key) => index.upsert(placed(key, 0, key)), {
    stored: 'SELECT file_path FROM code_chunks',
  }),
  'EmbeddingRepository.bulkUpsert': on(
    undefined,
    (index, key) => index.bulkUpsert(partsOf(key).map((part, number) => placed(key, number, part))),
    { stored: 'SELECT file_path FROM code_chunks', rows: 3 },
  ),
  'EmbeddingRepository.replaceFile': on(
    undefined,
    (index, key) => index.replaceFile('p', key, 'hash', partsOf(key).map(chunkOf)),
    { stored: CHUNKS_AND_FILE, rows: 4 },
  ),
  'EmbeddingRepository.markIndexed': on(undefined, (index, key) => index.markIndexed('p', key, textOf('hash')), {
    stored: 'SELECT file_path FROM indexed_files',
  }),
  'EmbeddingRepository.deleteForFile': on(storeFiles, (index, key) => index.deleteForFile('p', key), {
    deleted: CHUNKS_AND_FILE,
    rows: 4,
  }),
  'EmbeddingRepository.deleteForProject': on(
    (stage, keys) => storeFiles(stage, keys, (key) => key),
    (index, key) => index.deleteForProject(key),
    { deleted: CHUNKS_AND_FILE, rows: 4 },
  ),
  'EmbeddingRepository.deleteStale': on(
    (stage, keys) => storeFiles(stage, keys, (key) => key),
    (index, key) => index.deleteStale(key, []),
    { deleted: CHUNKS_AND_FILE, rows: 4 },
  ),
  'EmbeddingRepository.replaceVectors': on(
    storeChunks,
    (index, key) =>
      index.replaceVectors('n', [{ key: numberOf(key) + 1, text: textOf(key), embedding: Float32Array.of(3) }]),
    {
      stored: `SELECT k.file_path FROM code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id
        WHERE c.embedding_model = 'n'`,
    },
  ),
  'EmbeddingRepository.cacheVectors': on(
    undefined,
    (index, key) => index.cacheVectors(key, [{ text: key, embedding: new Float32Array(256).fill(1) }]),
    { stored: 'SELECT model FROM embedding_cache' },
  ),
  'EmbeddingRepository.cacheVectorsSoon': on(
    undefined,
    (index, key) => index.cacheVectorsSoon(key, [{ text: key, embedding: new Float32Array(256).fill(1) }]),
    {},
  ),
  'EmbeddingRepository.pruneVectorCache': {
    prepare: ({ db, manager }, keys) => {
      let now = 0;
      const index = new EmbeddingRepository(db, { clock: () => now });
      manager.transaction(() => {
        for (const key of keys) {
          now = Date.parse(dayOf(numberOf(key)));
          index.cacheVectors(key, [{ text: key, embedding: new Float32Array(256).fill(1) }]);
        }
      });
    },
    begin: ({ db }) => {
      let now = 0;
      const index = new EmbeddingRepository(db, { clock: () => now });
      return (key) => {
        now = Date.parse(dayOf(numberOf(key) + 91));
        index.pruneVectorCache(90);
      };
    },
    deleted: 'SELECT model FROM embedding_cache',
  },
  // The caller has its vectors, whether they can be kept or not.
  'EmbeddingProvider.embed': {
    begin: ({ db }) => {
      const caching = cachingProvider(db);
      return (key) => caching.embed(key);
    },
  },
  'EmbeddingProvider.embedBatch': {
    begin: ({ db }) => {
      const caching = cachingProvider(db);
      return (key) => caching.embedBatch([key]);
    },
  },
  'ProjectIndexer.index': {
    begin: ({ db, folder }) => {
      const repository = new EmbeddingRepository(db);
      return async (key) => {
        const projectPath = join(folder, key);
        mkdirSync(projectPath);
        for (let file = 0; file < 20; file++) writeFileSync(join(projectPath, `${file}.md`), textOf(`${key}/${file}`));
        await new ProjectIndexer({ repository, provider: provider('m', 3), projectId: key, projectPath }).index();
      };
    },
    stored: 'SELECT DISTINCT project_id FROM code_chunks',
    slow: true,
  },
  reembed: {
    prepare: storeChunks,
    begin: ({ db }) => {
      const index = new EmbeddingRepository(db);
      return (key) => {
        const other = provider(`other-${numberOf(key) % 2}`, 3 + (numberOf(key) % 2));
        return reembed({ db, provider: other, cache: index, targets: [index] });
      };
    },
    stored: `SELECT k.file_path FROM code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id
      WHERE c.embedding_model LIKE 'function:other%'`,
    together: true,
    slow: true,
  },
  cacheEmbeddings: {
    begin: ({ db }) => {
      const middleware = cacheEmbeddings(new EmbeddingRepository(db));
      const made = async () => ({ embeddings: [Array.from({ length: 256 }, () => 1)], warnings: [] });
      const model = (modelId: string) => ({
        specificationVersion: 'v4' as const,
        provider: 'p',
        modelId,
        maxEmbeddingsPerCall: 10,
        supportsParallelCalls: true,
        doEmbed: made,
      });
      return (key) => middleware.wrapEmbed?.({ doEmbed: made, params: { values: [key] }, model: model(key) });
    },
  },
};

export const embeddingReads = [
  'EmbeddingRepository.needsReindex',
  'EmbeddingRepository.getById',
  'EmbeddingRepository.find',
  'EmbeddingRepository.searchSimilar',
  'EmbeddingRepository.searchHybrid',
  'EmbeddingRepository.searchBySymbol',
  'EmbeddingRepository.getStats',
  'EmbeddingRepository.getModels',
  'EmbeddingRepository.countOutdated',
  'EmbeddingRepository.findOutdated',
  'EmbeddingRepository.getCachedVector',
  'EmbeddingProvider.initialize',
  'EmbeddingProvider.isReady',
  'EmbeddingProvider.getProviderType',
  'EmbeddingProvider.getModel',
  'EmbeddingProvider.getDimensions',
  'LexicalEmbedder.embed',
];
