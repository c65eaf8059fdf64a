import type { CacheStats } from '@codebuddy/db-cache';
import type { DatabaseStats, JsonObject, Memory, MemoryScope, MemoryType, RepairErrorType } from '@codebuddy/db-core';
import type { EmbeddingStats } from '@codebuddy/db-embeddings';
import type { MemoryFilter, MemoryStats } from '@codebuddy/db-memory';
import type { MigrationResult } from '@codebuddy/db-migrate';
import type { SessionStats } from '@codebuddy/db-sessions';

/** The events of the facade. */
export interface DatabaseIntegrationEvents {
  initialized: { path: string };
  'migration:starting': { files: readonly string[] };
  'migration:complete': MigrationResult;
  /** Something works less well than it should; the message says what to do. */
  warning: { message: string };
}

/** The options of an added memory. */
export interface AddMemoryOptions {
  /** Default: `fact`. */
  readonly type?: MemoryType | undefined;
  /** Default: `user`. */
  readonly scope?: MemoryScope | undefined;
  /** The person it belongs to, if several share the file. Default: nobody in particular. */
  readonly userId?: string | undefined;
  readonly projectId?: string | undefined;
  /** From 0 to 1. Default: 0.5. */
  readonly importance?: number | undefined;
  readonly expiresAt?: Date | undefined;
  readonly metadata?: JsonObject | undefined;
  /** Whether it can be found by its meaning. If the model is out of reach, its vector is made later. Default: false. */
  readonly generateEmbedding?: boolean | undefined;
}

/** The memories that a search looks at. */
export interface SearchMemoriesOptions extends Omit<MemoryFilter, 'includeSuperseded'> {
  /** Default: 10. */
  readonly limit?: number | undefined;
  /** Whether to search by meaning. If that finds nothing or the model is out of reach, words are searched. */
  readonly semantic?: boolean | undefined;
}

/** A memory that a search found. */
export interface MemorySearchResult {
  readonly memory: Memory;
  /** The cosine of the angle between both vectors, if the search was by meaning. */
  readonly similarity?: number;
}

/** The details of a chunk of code besides its text. */
export interface CodeChunkDetails {
  readonly symbolType?: string | undefined;
  readonly symbolName?: string | undefined;
  /** From 1. */
  readonly startLine?: number | undefined;
  readonly endLine?: number | undefined;
  readonly language?: string | undefined;
}

/** A chunk of code that a search found. */
export interface CodeSearchResult {
  readonly filePath: string;
  readonly chunkText: string;
  /** The cosine of the angle between both vectors. */
  readonly similarity: number;
}

/** The details of a repair besides its outcome. */
export interface RepairAttemptDetails {
  readonly language?: string | undefined;
  readonly framework?: string | undefined;
  readonly fixCode?: string | undefined;
}

/** The strategies that a recommendation looks at. */
export interface RepairStrategyFilter {
  readonly errorType?: RepairErrorType | undefined;
  readonly language?: string | undefined;
  readonly limit?: number | undefined;
}

/** The money that was spent, in US dollars. */
export interface CostSummary {
  /** The session that was used last through this facade, its sub-agents included. */
  readonly session: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

/** The statistics of each part of the database. */
export interface IntegrationStats {
  readonly database: DatabaseStats;
  readonly memory: MemoryStats;
  readonly session: SessionStats;
  readonly embedding: EmbeddingStats;
  readonly cache: CacheStats;
}
