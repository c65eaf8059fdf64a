import type { HybridMatch, HybridOptions } from '../../ranking/hybrid-search.ts';
import type { Page } from '../../sql/filter.ts';
import type { SimilarityOptions } from '../../vector-index/similarity-options.ts';
import type { CodeEmbedding } from './record.ts';

/** The chunks that a call looks at. */
export interface ChunkFilter {
  readonly projectId?: string | null | undefined;
  readonly filePath?: string | null | undefined;
  readonly symbolType?: string | null | undefined;
  readonly symbolName?: string | null | undefined;
  readonly language?: string | null | undefined;
}

/** A chunk of a file to store, in place of any other at its place. */
export interface NewCodeEmbedding {
  readonly project_id: string;
  /** Relative to the project folder. */
  readonly file_path: string;
  /** The chunk's place in the file, from 0. */
  readonly chunk_index: number;
  readonly chunk_text: string;
  /** Default: the SHA-256 of the text. */
  readonly chunk_hash?: string | null | undefined;
  readonly embedding: Float32Array;
  /** The model that made the embedding. Default: `unknown`. */
  readonly embedding_model?: string | null | undefined;
  readonly symbol_type?: string | null | undefined;
  readonly symbol_name?: string | null | undefined;
  /** From 1. */
  readonly start_line?: number | null | undefined;
  readonly end_line?: number | null | undefined;
  readonly language?: string | null | undefined;
}

/** A chunk found by its meaning. */
export interface SimilarChunk {
  readonly embedding: CodeEmbedding;
  /** The cosine of the angle between both vectors, from -1 to 1. */
  readonly similarity: number;
}

/** The size of the index. */
export interface EmbeddingStats {
  readonly totalEmbeddings: number;
  readonly totalFiles: number;
  readonly byLanguage: Readonly<Record<string, number>>;
  readonly bySymbolType: Readonly<Record<string, number>>;
}

/** A string, and the vector that a model made for it. */
export interface TextVector {
  readonly text: string;
  readonly embedding: Float32Array;
}

/** Stores a semantic index of code. `EmbeddingRepository` of `@codebuddy/db-embeddings` is one. */
export interface CodeStore {
  upsert(chunk: NewCodeEmbedding): CodeEmbedding;
  bulkUpsert(chunks: readonly NewCodeEmbedding[]): number;
  replaceFile(
    projectId: string,
    filePath: string,
    contentHash: string,
    chunks: readonly Omit<NewCodeEmbedding, 'project_id' | 'file_path' | 'chunk_index'>[],
  ): void;
  markIndexed(projectId: string, filePath: string, contentHash: string): void;
  needsReindex(projectId: string, filePath: string, contentHash: string): boolean;
  getById(id: number): CodeEmbedding | null;
  find(filter?: ChunkFilter & Page): CodeEmbedding[];
  searchSimilar(embedding: Float32Array, filter?: ChunkFilter & SimilarityOptions, topK?: number): SimilarChunk[];
  searchHybrid(
    text: string,
    embedding?: Float32Array,
    options?: ChunkFilter & SimilarityOptions & HybridOptions,
  ): HybridMatch<CodeEmbedding>[];
  searchBySymbol(symbolName: string, filter?: ChunkFilter, limit?: number): CodeEmbedding[];
  deleteForFile(projectId: string, filePath: string): number;
  deleteForProject(projectId: string): number;
  deleteStale(projectId: string, existingFiles: readonly string[]): number;
  getStats(projectId?: string): EmbeddingStats;
  getModels(): string[];
  getCachedVector(text: string, model: string): Float32Array | undefined;
  cacheVectors(model: string, vectors: readonly TextVector[]): void;
  pruneVectorCache(daysToKeep?: number): number;
}
