export { type Clock, MonotonicClock, systemClock } from './clock.ts';
export * from './codecs/index.ts';
export type { BackupProgress, Database, DriverStatement, RunResult, SqlValue } from './connection/driver.ts';
export * from './domains/analytics/record.ts';
export { CACHE_VECTORS } from './domains/cache/vector-source.ts';
export * from './domains/checkpoints/record.ts';
export { chunkContentHash } from './domains/code/chunk-content.ts';
export * from './domains/code/record.ts';
export { CODE_VECTORS } from './domains/code/vector-source.ts';
export { type ImportedFile, ImportLedger } from './domains/imports/import-ledger.ts';
export type {
  CacheImportTarget,
  CacheRecord,
  CostImportTarget,
  CostRecord,
  ImportOutcome,
  MemoryImportTarget,
  SessionImportOutcome,
  SessionImportTarget,
  Transcript,
} from './domains/imports/import-targets.ts';
export * from './domains/memories/record.ts';
export { MEMORY_VECTORS } from './domains/memories/vector-source.ts';
export * from './domains/sessions/record.ts';
export { chooseEmbeddingModel, requireComparable, UNKNOWN_MODEL } from './embedding-models/embedding-model.ts';
export type { OutdatedText, ReembeddingTarget } from './embedding-models/reembedding.ts';
export * from './errors/index.ts';
export { TypedEventEmitter } from './events.ts';
export * from './full-text/index.ts';
export type { DatabaseConfig } from './manager/config.ts';
export type { DatabaseEvents, DatabaseManagerEvents } from './manager/database-events.ts';
export { DatabaseManager } from './manager/database-manager.ts';
export type { Health, IntegrityCheck } from './manager/health.ts';
export {
  getDatabaseManager,
  initializeDatabase,
  resetDatabaseManager,
  type SharedRepository,
  shareRepository,
} from './manager/shared-manager.ts';
export { type DatabaseStats, formatBytes, formatStatistics, type TableSize } from './manager/statistics.ts';
export * from './ranking/index.ts';
export type { ReadOnlyQueryOptions, ReadOnlyQueryResult } from './read-only-query/read-only-query.ts';
export { quarantine, setAside } from './recovery/quarantine.ts';
export { type RestoredBackup, restoreBackup } from './recovery/restore-backup.ts';
export { type SalvagedTable, type SalvageReport, salvageDatabase } from './recovery/salvage.ts';
export type { Redact } from './redaction/redact.ts';
export { prepareRedaction, redactionOf, requireRedact } from './redaction/redaction.ts';
export { redactSecrets } from './redaction/secrets.ts';
export {
  type IdGenerator,
  type RepositoryOptions,
  randomId,
  resolveRepositoryOptions,
} from './repository-options.ts';
export * from './root-folder/index.ts';
export type { SchemaModule } from './schema/module-migrations.ts';
export { APPLICATION_ID, MIGRATIONS, SCHEMA_SQL, SCHEMA_VERSION } from './schema/schema.ts';
export * from './sql/index.ts';
export type { VectorSource } from './table-kit/vector-source.ts';
export * from './validation.ts';
export type { Condition } from './vector-index/attributes.ts';
export { configureVectorMemory, type VectorMemoryOptions, vectorMemoryBytes } from './vector-index/memory-budget.ts';
export type { Neighbour } from './vector-index/rescore.ts';
export { type SearchMode, type VectorIndex, type VectorQuery, vectorIndexOf } from './vector-index/vector-index.ts';
