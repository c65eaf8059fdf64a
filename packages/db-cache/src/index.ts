export type {
  CacheEntry,
  CacheItem,
  CacheStats,
  ComputedValue,
  Duration,
  KeyFilter,
  SetOptions,
} from '@codebuddy/db-core';
export { CacheRepository, getCacheRepository, resetCacheRepository } from './cache-repository.ts';
export type { CacheOptions } from './cache-types.ts';
export { SemanticCache, type SemanticCacheOptions, type SemanticHit } from './semantic-cache.ts';
