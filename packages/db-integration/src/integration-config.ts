import type { DatabaseConfig, Redact } from '@codebuddy/db-core';
import type { EmbeddingProviderConfig } from '@codebuddy/db-embeddings';

/** The options of the facade, those of its database among them. */
export interface DatabaseIntegrationConfig extends DatabaseConfig {
  /** Imports legacy JSON files on opening. Default: true, but false for a database in memory. */
  readonly autoMigrate?: boolean | null | undefined;
  /**
   * Takes out of chunks of code, and of what is searched for in code, what must be neither stored nor sent to a model, such as
   * `redactSecrets`. Default: nothing is taken out, whatever `redact` takes out of the rest.
   */
  readonly redactCode?: Redact | null | undefined;
  /**
   * The embedding provider: its name, or all of its configuration. Default: `lexical`, which neither downloads nor sends
   * anything, and knows words rather than their meaning.
   */
  readonly embeddingProvider?: EmbeddingProviderConfig['provider'] | EmbeddingProviderConfig | null;
}
