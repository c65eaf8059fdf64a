import type { MemoryFilter } from '@codebuddy/db-core';
import { DATABASE_CONFIG_NAMES, type NamesOf } from '@codebuddy/db-core/internal';
import type { ReembedConfig } from '@codebuddy/db-embeddings';
import type { NewIntegrationSession } from './costed-sessions.ts';
import type { DatabaseIntegrationConfig } from './integration-config.ts';
import type {
  AddMemoryOptions,
  CodeChunkDetails,
  MessageDetails,
  RepairAttemptDetails,
  RepairStrategyFilter,
  SearchCodeOptions,
  SearchMemoriesOptions,
} from './integration-types.ts';

/** The names of the configuration, those of the database among them. */
export const CONFIG: NamesOf<DatabaseIntegrationConfig> = {
  ...DATABASE_CONFIG_NAMES,
  autoMigrate: true,
  redactCode: true,
  embeddingProvider: true,
};

/** The names of the options of `addMemory`. */
export const ADD_MEMORY: NamesOf<AddMemoryOptions> = {
  type: true,
  scope: true,
  userId: true,
  projectId: true,
  importance: true,
  expiresAt: true,
  metadata: true,
  generateEmbedding: true,
};

/** The names of the parts of a filter of memories that `searchMemories` takes. */
const SEARCH_FILTER: NamesOf<Omit<MemoryFilter, 'includeSuperseded'>> = {
  type: true,
  scope: true,
  userId: true,
  projectId: true,
  minImportance: true,
};

/** The names of the options of `searchMemories`. */
export const SEARCH_MEMORIES: NamesOf<SearchMemoriesOptions> = { ...SEARCH_FILTER, limit: true, semantic: true };

/** The names of a new session. */
export const NEW_SESSION: NamesOf<NewIntegrationSession> = {
  projectId: true,
  projectPath: true,
  name: true,
  model: true,
};

/** The names of the details of a message. */
export const MESSAGE_DETAILS: NamesOf<MessageDetails> = { toolCalls: true, toolCallId: true, tokens: true };

/** The names of the details of a repair. */
export const REPAIR_DETAILS: NamesOf<RepairAttemptDetails> = { language: true, framework: true, fixCode: true };

/** The names of a filter of strategies. */
export const STRATEGY_FILTER: NamesOf<RepairStrategyFilter> = { errorType: true, language: true, limit: true };

/** The names of the details of a chunk. */
export const CHUNK_DETAILS: NamesOf<CodeChunkDetails> = {
  symbolType: true,
  symbolName: true,
  startLine: true,
  endLine: true,
  language: true,
};

/** The names of the options of `searchCode`. */
export const SEARCH_CODE: NamesOf<SearchCodeOptions> = { limit: true, symbolType: true };

/** The names of the options of `reembed`. */
export const REEMBED: NamesOf<Pick<ReembedConfig, 'signal' | 'onProgress'>> = { signal: true, onProgress: true };
