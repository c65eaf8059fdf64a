import { resetAnalyticsRepository, resetPersistentAnalytics, resetPersistentLearning } from '@codebuddy/db-analytics';
import { resetCacheRepository } from '@codebuddy/db-cache';
import {
  type DatabaseConfig,
  type DatabaseManager,
  initializeDatabase,
  resetDatabaseManager,
} from '@codebuddy/db-core';
import { optionalBoolean } from '@codebuddy/db-core/internal';
import { resetEmbeddingProvider, resetEmbeddingRepository } from '@codebuddy/db-embeddings';
import { resetMemoryRepository } from '@codebuddy/db-memory';
import { resetCheckpointRepository, resetSessionRepository } from '@codebuddy/db-sessions';
import type { DatabaseIntegrationConfig } from './integration-config.ts';
import { importLegacyFilesIfNeeded, isImportWanted } from './legacy-import.ts';
import { resetDatabaseIntegration } from './shared-integration.ts';

/** The options of the whole system. */
export interface DatabaseSystemConfig extends DatabaseConfig {
  /** Imports legacy JSON files on opening. Default: true, but false for a database in memory. */
  readonly autoMigrate?: boolean | null | undefined;
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
  // One object may be meant for the facade too; names that neither knows are told by the manager.
  const { autoMigrate, embeddingProvider: _, redactCode: __, ...database }: DatabaseIntegrationConfig = config;
  optionalBoolean(autoMigrate ?? undefined, 'autoMigrate');
  const manager = await initializeDatabase(database);
  if (autoMigrate ?? isImportWanted(manager.getDatabase())) await importLegacyFilesIfNeeded();
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
  resetPersistentAnalytics();
  resetPersistentLearning();
  resetDatabaseManager();
}
