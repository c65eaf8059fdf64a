import { getAnalyticsRepository } from '@codebuddy/db-analytics';
import { getCacheRepository } from '@codebuddy/db-cache';
import { type Database, getDatabaseManager, ImportLedger } from '@codebuddy/db-core';
import type { TypedEventEmitter } from '@codebuddy/db-core/internal';
import { getMemoryRepository } from '@codebuddy/db-memory';
import {
  DatabaseMigration,
  findLegacyFiles,
  type MigrationOptions,
  type MigrationResult,
  type MigrationStatus,
} from '@codebuddy/db-migrate';
import { getSessionRepository } from '@codebuddy/db-sessions';
import type { DatabaseIntegrationEvents } from './integration-types.ts';

/** Makes an import of legacy JSON files into the repositories of the process's one database. */
function createMigration(options?: MigrationOptions): DatabaseMigration {
  const targets = {
    memories: getMemoryRepository(),
    sessions: getSessionRepository(),
    cache: getCacheRepository(),
    analytics: getAnalyticsRepository(),
    ledger: new ImportLedger(getDatabaseManager().getDatabase()),
  };
  return new DatabaseMigration(targets, options);
}

/**
 * Returns whether a legacy JSON file is there that has not been imported as it is. While no database is open, that is so of every
 * file that is there; none is opened.
 */
export function needsMigration(options?: MigrationOptions): boolean {
  return getMigrationStatus(options).needsMigration;
}

/** Lists the places where legacy JSON files may be, and returns whether there is something to import, as {@link needsMigration}. */
export function getMigrationStatus(options?: MigrationOptions): MigrationStatus {
  const manager = getDatabaseManager();
  return findLegacyFiles(options, manager.isInitialized() ? new ImportLedger(manager.getDatabase()) : undefined);
}

/**
 * Imports legacy JSON files into the process's one database.
 *
 * @example
 * ```ts
 * if (needsMigration()) {
 *   const { success, migratedItems, errors } = await runMigration({ deleteAfterMigration: true });
 * }
 * ```
 */
export function runMigration(options?: MigrationOptions): Promise<MigrationResult> {
  return createMigration(options).migrate();
}

/** Whether legacy JSON files are imported into a database that was opened without a word about them. */
export function isImportWanted(db: Database): boolean {
  return !db.memory && !db.readonly;
}

/** Imports legacy JSON files if there is something new in them. */
export async function importLegacyFilesIfNeeded(): Promise<MigrationResult | undefined> {
  const migration = createMigration({ skipUnchanged: true });
  return migration.needsMigration() ? migration.migrate() : undefined;
}

/** Imports legacy JSON files if there is something new in them, and tells about it. */
export async function importAndTell(
  emitter: Pick<TypedEventEmitter<DatabaseIntegrationEvents>, 'emit'>,
): Promise<void> {
  const migration = createMigration({ skipUnchanged: true });
  const { needsMigration, files } = migration.getMigrationStatus();
  if (!needsMigration) return;
  emitter.emit('migration:starting', { files: files.filter(({ exists }) => exists).map(({ path }) => path) });
  const result = await migration.migrate();
  emitter.emit('migration:complete', result);
  if (!result.success) {
    const message = `${result.errors.length} legacy entries could not be imported; their files were left in place. First: ${result.errors[0]}`;
    emitter.emit('warning', { message });
  }
}
