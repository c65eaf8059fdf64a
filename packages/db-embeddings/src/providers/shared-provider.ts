import { getDatabaseManager } from '@codebuddy/db-core';
import { getEmbeddingRepository } from '../repository/embedding-repository.ts';
import type { EmbeddingProviderConfig } from './create-embedder.ts';
import { EmbeddingProvider, type VectorCache } from './embedding-provider.ts';

let shared: EmbeddingProvider | undefined;

/** Keeps vectors in the process's one database, while it is open. */
const databaseCache: VectorCache = {
  getCachedVector: (text, model) =>
    getDatabaseManager().isInitialized() ? getEmbeddingRepository().getCachedVector(text, model) : undefined,
  cacheVectors: (model, vectors) => {
    if (getDatabaseManager().isInitialized()) getEmbeddingRepository().cacheVectors(model, vectors);
  },
  cacheVectorsSoon: async (model, vectors) => {
    if (getDatabaseManager().isInitialized()) await getEmbeddingRepository().cacheVectorsSoon(model, vectors);
  },
};

/**
 * Returns the process's one provider, made on the first call.
 *
 * @param config - used when the provider is made; later calls get the provider that is there
 */
export function getEmbeddingProvider(config?: EmbeddingProviderConfig): EmbeddingProvider {
  shared ??= new EmbeddingProvider(config, databaseCache);
  return shared;
}

/** Returns the process's one provider with its model ready. */
export async function initializeEmbeddingProvider(config?: EmbeddingProviderConfig): Promise<EmbeddingProvider> {
  const provider = getEmbeddingProvider(config);
  await provider.initialize();
  return provider;
}

/** Forgets the process's one provider: the next call makes a new one. */
export function resetEmbeddingProvider(): void {
  shared = undefined;
}
