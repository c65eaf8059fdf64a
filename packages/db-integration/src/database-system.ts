import { resetAnalyticsRepository } from '@codebuddy/db-analytics';
import { resetCacheRepository } from '@codebuddy/db-cache';
import {
  type DatabaseConfig,
  type DatabaseManager,
  initializeDatabase,
  resetDatabaseManager,
} from '@codebuddy/db-core';
import { resetEmbeddingProvider, resetEmbeddingRepository } from '@codebuddy/db-embeddings';
import { resetMemoryRepository } from '@codebuddy/db-memory';
import { resetCheckpointRepository, resetSessionRepository } from '@codebuddy/db-sessions';
import { requireConfig } from './integration-config.ts';
import { importLegacyFilesIfNeeded } from './legacy-import.ts';
import { resetDatabaseIntegration } from './shared-integration.ts';
import { resetSharedServices } from './shared-services.ts';

/** The options of the whole system. */
export interface DatabaseSystemConfig extends DatabaseConfig {
  /** Imports legacy JSON files on opening. Default: true, but false for a database in memory. */
  readonly autoMigrate?: boolean | undefined;
}

/**
 * Opens the process's one database; every `getXRepository()` and `getDatabaseIntegration()` works from then on.
 *
 * @example
 * ```ts
 * await initializeDatabaseSystem({ dbPath: process.env.CODEBUDDY_DB_PATH });
 * const facts = getMemoryRepository().find({ type: 'fact' });
 * ```
 */
export async function initializeDatabaseSystem(config: DatabaseSystemConfig = {}): Promise<DatabaseManager> {
  const { autoMigrate } = requireConfig(config);
  const manager = await initializeDatabase(config);
  if (autoMigrate ?? !manager.getDatabase().memory) await importLegacyFilesIfNeeded();
  return manager;
}

/** Closes the process's one database and forgets everything that used it. */
export function resetDatabaseSystem(): void {
  resetDatabaseIntegration();
  resetMemoryRepository();
  resetSessionRepository();
  resetCheckpointRepository();
  resetAnalyticsRepository();
  resetCacheRepository();
  resetEmbeddingRepository();
  resetEmbeddingProvider();
  resetSharedServices();
  resetDatabaseManager();
}
