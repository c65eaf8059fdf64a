import type { TextVector } from '@codebuddy/db-core';
import type { VectorCache } from './embedding-provider.ts';

/** Keeps vectors that a caller waits for, without making it wait any longer if the cache knows how. */
export function keepVectors(cache: VectorCache, model: string, vectors: readonly TextVector[]): void {
  if (cache.cacheVectorsSoon === undefined) cache.cacheVectors(model, vectors);
  else void cache.cacheVectorsSoon(model, vectors);
}
