export type { MemoryChanges, NewMemory } from './inputs.ts';
export {
  getMemoryRepository,
  MemoryRepository,
  type MemoryStats,
  resetMemoryRepository,
  type SimilarMemory,
} from './memory-repository.ts';
export type { MemoryFilter, TextMatch, TextSearchOptions } from './search.ts';
