import type { Durability, Redact } from '@codebuddy/db-core';
import { optionalBoolean, requireObject } from '@codebuddy/db-core/internal';
import type { EmbeddingProviderConfig } from '@codebuddy/db-embeddings';

/** The options of the facade. */
export interface DatabaseIntegrationConfig {
  /**
   * The file; `~/` is the home folder, `:memory:` the same as `inMemory`. Default: `CODEBUDDY_DB_PATH`, or `codebuddy.db` in
   * the folder `CODEBUDDY_HOME`, or `GROK_HOME`, or `~/.codebuddy`.
   */
  readonly dbPath?: string | undefined;
  /** Keeps the database in memory. Default: false. */
  readonly inMemory?: boolean | undefined;
  /**
   * The events that an acknowledged write survives: the end of the process (`process`), or also a power cut (`power`).
   * Default: `process`.
   */
  readonly durability?: Durability | undefined;
  /** A statement waits this long for another process's lock, in milliseconds. Default: 5,000. */
  readonly busyTimeoutMs?: number | undefined;
  /** Imports legacy JSON files on opening. Default: true, but false for a database in memory. */
  readonly autoMigrate?: boolean | undefined;
  /**
   * Takes out of everything that somebody says what must not be stored, such as `redactSecrets`: memories, sessions, messages,
   * metadata, what is learned, what frameworks store. Ids and names that are looked up stay. Default: nothing is taken out.
   */
  readonly redact?: Redact | undefined;
  /**
   * Takes out of chunks of code, and of what is searched for in code, what must be neither stored nor sent to a model, such as
   * `redactSecrets`. Default: nothing is taken out, whatever `redact` takes out of the rest.
   */
  readonly redactCode?: Redact | undefined;
  /** The embedding provider: its name, or all of its configuration. Default: `local`, loaded when first needed. */
  readonly embeddingProvider?: EmbeddingProviderConfig['provider'] | EmbeddingProviderConfig;
}

/** Checks what this package itself decides by; the rest is checked by those that it is handed to. */
export function requireConfig<Config extends { readonly autoMigrate?: boolean | undefined }>(config: Config): Config {
  optionalBoolean(requireObject(config, 'config').autoMigrate, 'autoMigrate');
  return config;
}
