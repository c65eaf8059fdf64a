export type {
  MemoryChanges,
  MemoryFilter,
  MemoryStats,
  NewMemory,
  SimilarMemory,
  TextMatch,
  TextSearchOptions,
} from '@codebuddy/db-core';
export { getMemoryRepository, MemoryRepository, resetMemoryRepository } from './memory-repository.ts';
