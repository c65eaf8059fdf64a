export * from '@codebuddy/db-analytics';
export * from '@codebuddy/db-cache';
export * from '@codebuddy/db-core';
export * from '@codebuddy/db-embeddings';
export * from '@codebuddy/db-memory';
export * from '@codebuddy/db-migrate';
export * from '@codebuddy/db-sessions';
export type { NewIntegrationSession } from './costed-sessions.ts';
export { DatabaseIntegration } from './database-integration.ts';
export { type DatabaseSystemConfig, initializeDatabaseSystem, resetDatabaseSystem } from './database-system.ts';
export type { DatabaseIntegrationConfig } from './integration-config.ts';
export type * from './integration-types.ts';
export { getMigrationStatus, needsMigration, runMigration } from './legacy-import.ts';
export {
  getDatabaseIntegration,
  initializeDatabaseIntegration,
  resetDatabaseIntegration,
} from './shared-integration.ts';
