import { isDeepStrictEqual } from 'node:util';
import { DatabaseIntegration } from './database-integration.ts';
import type { DatabaseIntegrationConfig } from './integration-config.ts';

let shared:
  | { readonly integration: DatabaseIntegration; readonly config: DatabaseIntegrationConfig | undefined }
  | undefined;

/**
 * Returns the process's one facade, made on the first call. It works as soon as the process's database is open. To hear its
 * events from the first on, listen before `initialize()`.
 *
 * @param config - used when the facade is made; later calls get the facade that is there
 * @example
 * ```ts
 * const db = getDatabaseIntegration({ dbPath: 'agent.db' });
 * db.on('warning', ({ message }) => console.error(message));
 * await db.initialize();
 * ```
 */
export function getDatabaseIntegration(config?: DatabaseIntegrationConfig): DatabaseIntegration {
  shared ??= { integration: new DatabaseIntegration(config), config };
  return shared.integration;
}

/**
 * Returns the process's one facade with its database open. Another configuration than before makes another facade.
 *
 * @throws InvalidInputError when the database is open with another configuration
 */
export async function initializeDatabaseIntegration(config?: DatabaseIntegrationConfig): Promise<DatabaseIntegration> {
  const isAnother = config !== undefined && shared !== undefined && !isDeepStrictEqual(config, shared.config);
  const integration = isAnother ? new DatabaseIntegration(config) : getDatabaseIntegration(config);
  await integration.initialize();
  if (isAnother) shared = { integration, config };
  return integration;
}

/** Forgets the process's one facade; its database stays open. */
export function resetDatabaseIntegration(): void {
  shared = undefined;
}
