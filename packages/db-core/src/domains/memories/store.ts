import type { ProjectChoice } from '../../known-names/no-project.ts';
import type { HybridMatch, HybridOptions } from '../../ranking/hybrid-search.ts';
import type { Page } from '../../sql/filter.ts';
import type { SimilarityOptions } from '../../vector-index/similarity-options.ts';
import type { Memory, MemoryScope, MemoryType } from './record.ts';

/** The memories that a call looks at. Expired ones are never among them. */
export interface MemoryFilter {
  readonly type?: MemoryType | readonly MemoryType[] | null | undefined;
  readonly scope?: MemoryScope | null | undefined;
  /** The person they belong to; `''` for memories of nobody in particular. */
  readonly userId?: string | null | undefined;
  readonly projectId?: ProjectChoice | null | undefined;
  /** From 0 to 1. */
  readonly minImportance?: number | null | undefined;
  /** Whether memories that another one replaced are looked at too. Default: false. */
  readonly includeSuperseded?: boolean | null | undefined;
}

/** A memory to store. */
export interface NewMemory {
  /** Default: a new random id. */
  readonly id?: string | null | undefined;
  readonly type: MemoryType;
  /** Default: `user`. */
  readonly scope?: MemoryScope | null | undefined;
  /** The person it belongs to, if several share the file. Equal memories of two people are two memories. Default: nobody. */
  readonly user_id?: string | null | undefined;
  readonly project_id?: string | null | undefined;
  readonly content: string;
  readonly embedding?: Float32Array | null | undefined;
  /** The model that made the embedding. Default: `unknown`. */
  readonly embedding_model?: string | null | undefined;
  /** Whether an embedding is still to be made, as when the model was out of reach. Default: false. */
  readonly embedding_owed?: boolean | null | undefined;
  /** From 0 to 1. Default: 0.5. */
  readonly importance?: number | null | undefined;
  /** An ISO 8601 instant, or a `Date`. */
  readonly expires_at?: string | Date | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The parts of a memory that can be changed. `null` takes an optional part away; what is absent stays. */
export interface MemoryChanges {
  readonly type?: MemoryType | undefined;
  readonly scope?: MemoryScope | undefined;
  readonly user_id?: string | null | undefined;
  readonly project_id?: string | null | undefined;
  /** New content takes an embedding of the old content away, unless a new one comes with it. */
  readonly content?: string | undefined;
  readonly embedding?: Float32Array | null | undefined;
  readonly embedding_model?: string | null | undefined;
  readonly importance?: number | undefined;
  readonly expires_at?: string | Date | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A memory found by its meaning. */
export interface SimilarMemory {
  readonly memory: Memory;
  /** The cosine of the angle between both vectors, from -1 to 1. */
  readonly similarity: number;
}

/** The number of memories that are current and have not expired. */
export interface MemoryStats {
  readonly total: number;
  readonly byType: Readonly<Record<string, number>>;
  readonly byScope: Readonly<Record<string, number>>;
  /** 0 if there is no memory. */
  readonly avgImportance: number;
}

/** The options of full-text search. */
export interface TextSearchOptions extends MemoryFilter, Page {
  /** The tags before and after each word found. Default: `**` and `**`. */
  readonly highlight?: readonly [open: string, close: string] | null | undefined;
  /** Whether every word must occur, or any. Default: `all`. */
  readonly match?: 'all' | 'any' | null | undefined;
}

/** A memory found by its words. */
export interface TextMatch {
  readonly memory: Memory;
  /** Negated BM25: higher is better. */
  readonly score: number;
  /** The part of the content around the words found. */
  readonly snippet: string;
}

/** Stores what an agent should remember beyond one conversation. `MemoryRepository` of `@codebuddy/db-memory` is one. */
export interface MemoryStore {
  create(memory: NewMemory): Memory;
  bulkCreate(memories: readonly NewMemory[]): number;
  getById(id: string): Memory | null;
  find(filter?: MemoryFilter & Page): Memory[];
  search(text: string, options?: TextSearchOptions): TextMatch[];
  searchSimilar(embedding: Float32Array, filter?: MemoryFilter & SimilarityOptions, topK?: number): SimilarMemory[];
  searchHybrid(
    text: string,
    embedding?: Float32Array,
    options?: MemoryFilter & SimilarityOptions & HybridOptions,
  ): HybridMatch<Memory>[];
  update(id: string, changes: MemoryChanges): boolean;
  supersede(id: string, replacement: NewMemory): Memory;
  getHistory(id: string): Memory[];
  delete(id: string): boolean;
  deleteExpired(): number;
  findPendingEmbedding(limit?: number): Memory[];
  getStats(): MemoryStats;
}
