import { DatabaseIntegration } from './database-integration.ts';
import type { DatabaseIntegrationConfig } from './integration-config.ts';

let shared: DatabaseIntegration | undefined;

/**
 * Returns the process's one facade, made on the first call. It works as soon as the process's database is open.
 *
 * @param config - used when the facade is made; later calls get the facade that is there
 */
export function getDatabaseIntegration(config?: DatabaseIntegrationConfig): DatabaseIntegration {
  shared ??= new DatabaseIntegration(config);
  return shared;
}

/** Returns the process's one facade with its database open. */
export async function initializeDatabaseIntegration(config?: DatabaseIntegrationConfig): Promise<DatabaseIntegration> {
  const integration = getDatabaseIntegration(config);
  await integration.initialize();
  return integration;
}

/** Forgets the process's one facade; its database stays open. */
export function resetDatabaseIntegration(): void {
  shared = undefined;
}
