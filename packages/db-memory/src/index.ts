export type { MemoryFilter } from './filter.ts';
export type { MemoryChanges, NewMemory } from './inputs.ts';
export {
  getMemoryRepository,
  MemoryRepository,
  resetMemoryRepository,
  type SimilarMemory,
} from './memory-repository.ts';
export type { MemoryStats } from './memory-stats.ts';
export type { TextMatch, TextSearchOptions } from './queries.ts';
