export { CacheRepository, getCacheRepository, resetCacheRepository } from './cache-repository.ts';
export type { CacheEntry, CacheItem, CacheOptions, CacheStats, ComputedValue, SetOptions } from './cache-types.ts';
export type { Duration } from './duration.ts';
export { SemanticCache, type SemanticCacheOptions, type SemanticHit } from './semantic-cache.ts';
