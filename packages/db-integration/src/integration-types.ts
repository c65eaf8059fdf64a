import type { CacheStats } from '@codebuddy/db-cache';
import type { DatabaseStats, JsonValue, Memory, MemoryScope, MemoryType, RepairErrorType } from '@codebuddy/db-core';
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
  readonly type?: MemoryType | null | undefined;
  /** Default: `user`. */
  readonly scope?: MemoryScope | null | undefined;
  /** The person it belongs to, if several share the file. Default: nobody in particular. */
  readonly userId?: string | null | undefined;
  readonly projectId?: string | null | undefined;
  /** From 0 to 1. Default: 0.5. */
  readonly importance?: number | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Whether it can be found by its meaning. If the model is out of reach, its vector is made later. Default: true. */
  readonly generateEmbedding?: boolean | null | undefined;
}

/** The details of a message besides its text. */
export interface MessageDetails {
  /** As the model's API gave them. */
  readonly toolCalls?: JsonValue | readonly unknown[] | null | undefined;
  readonly toolCallId?: string | null | undefined;
  /** Default: 0. */
  readonly tokens?: number | null | undefined;
}

/** The chunks of code that a search looks at. */
export interface SearchCodeOptions {
  /** Default: 10. */
  readonly limit?: number | null | undefined;
  readonly symbolType?: string | null | undefined;
}

/** The memories that a search looks at. */
export interface SearchMemoriesOptions extends Omit<MemoryFilter, 'includeSuperseded'> {
  /** Default: 10. */
  readonly limit?: number | null | undefined;
  /** Whether to search by meaning. If that finds nothing or the model is out of reach, words are searched. */
  readonly semantic?: boolean | null | undefined;
}

/** A memory that a search found. */
export interface MemorySearchResult {
  readonly memory: Memory;
  /** The way it was found: by its words, or by its meaning. */
  readonly foundBy: 'keyword' | 'vector';
  /** The cosine of the angle between both vectors, if the search was by meaning. */
  readonly similarity?: number;
}

/** The details of a chunk of code besides its text. */
export interface CodeChunkDetails {
  readonly symbolType?: string | null | undefined;
  readonly symbolName?: string | null | undefined;
  /** From 1. */
  readonly startLine?: number | null | undefined;
  readonly endLine?: number | null | undefined;
  readonly language?: string | null | undefined;
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
  readonly language?: string | null | undefined;
  readonly framework?: string | null | undefined;
  readonly fixCode?: string | null | undefined;
}

/** The strategies that a recommendation looks at. */
export interface RepairStrategyFilter {
  readonly errorType?: RepairErrorType | null | undefined;
  readonly language?: string | null | undefined;
  readonly limit?: number | null | undefined;
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
