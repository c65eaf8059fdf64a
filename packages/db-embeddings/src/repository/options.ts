import type { Redact, RepositoryOptions } from '@codebuddy/db-core';

/** The options of the index. */
export interface EmbeddingRepositoryOptions extends Pick<RepositoryOptions, 'clock'> {
  /**
   * Takes out of the text of chunks what must not be stored, such as `redactSecrets`; lines keep their numbers, and hashes are
   * those of the text as it was given. `ProjectIndexer` follows it, and sends no secret to a model. Default: nothing is taken
   * out, whatever the connection redacts.
   */
  readonly redact?: Redact | null | undefined;
}
