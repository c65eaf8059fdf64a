export type { ChunkFilter, EmbeddingStats, NewCodeEmbedding, SimilarChunk, TextVector } from '@codebuddy/db-core';
export type { IndexProgress, IndexReport, SkippedFile, SkipReason } from './indexing/index-report.ts';
export { type IndexOptions, ProjectIndexer, type ProjectIndexerConfig } from './indexing/project-indexer.ts';
export {
  type EmbeddingProviderConfig,
  PROVIDER_TYPES,
  type ProviderType,
} from './providers/create-embedder.ts';
export type { AiSdkEmbeddingModel, EmbedFunction } from './providers/custom-embedders.ts';
export type { Embedder, EmbedOptions, EmbedResult } from './providers/embedder.ts';
export {
  type Embedding,
  type EmbeddingBatch,
  EmbeddingProvider,
  type EmbeddingProviderEvents,
  type VectorCache,
} from './providers/embedding-provider.ts';
export { LexicalEmbedder } from './providers/lexical-embedder.ts';
export {
  getEmbeddingProvider,
  initializeEmbeddingProvider,
  resetEmbeddingProvider,
} from './providers/shared-provider.ts';
export { type ReembedConfig, reembed } from './reembed.ts';
export {
  EmbeddingRepository,
  getEmbeddingRepository,
  resetEmbeddingRepository,
} from './repository/embedding-repository.ts';
export type { EmbeddingRepositoryOptions } from './repository/options.ts';
