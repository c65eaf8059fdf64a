import { type EmbeddingProvider, type EmbeddingProviderConfig, getEmbeddingProvider } from '@codebuddy/db-embeddings';
import type { DatabaseIntegrationConfig } from './integration-config.ts';

/** Hands out the process's one embedding provider, made as the facade's configuration says, and passes its warnings on. */
export class ProviderAccess {
  readonly #config: EmbeddingProviderConfig;
  readonly #warn: (message: string) => void;
  #heard: EmbeddingProvider | undefined;

  constructor(provider: DatabaseIntegrationConfig['embeddingProvider'], warn: (message: string) => void) {
    this.#config = isConfig(provider) ? provider : { provider };
    this.#warn = warn;
  }

  get(): EmbeddingProvider {
    const provider = getEmbeddingProvider(this.#config);
    if (this.#heard !== provider) {
      this.#heard = provider;
      provider.on('warning', ({ message }) => this.#warn(message));
    }
    return provider;
  }
}

/** A configuration has none of the calls by which a model or an embedder is known. */
function isConfig(provider: DatabaseIntegrationConfig['embeddingProvider']): provider is EmbeddingProviderConfig {
  return typeof provider === 'object' && provider !== null && !('doEmbed' in provider) && !('embed' in provider);
}
