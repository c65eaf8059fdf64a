export {
  DatabaseMigration,
  type MigrationEvents,
} from './database-migration.ts';
export type { LegacyPath } from './files/legacy-folder.ts';
export type { MigrationOptions } from './migration-options.ts';
export {
  type EntryProblem,
  type FileReport,
  formatProblem,
  type MigrationResult,
  type Phase,
} from './migration-report.ts';
export { findLegacyFiles, type MigrationStatus } from './migration-status.ts';
export type { ImportLedgerTarget, MigrationTargets } from './targets.ts';
