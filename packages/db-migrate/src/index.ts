export {
  DatabaseMigration,
  type MigrationEvents,
  type MigrationStatus,
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
export type { ImportLedgerTarget, MigrationTargets } from './targets.ts';
