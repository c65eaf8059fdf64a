export {
  type Clock,
  type IdGenerator,
  MonotonicClock,
  type RepositoryOptions,
  randomId,
  resolveRepositoryOptions,
  systemClock,
} from './clock.ts';
export * from './codecs/index.ts';
export type { DatabaseConfig } from './config.ts';
export type { BackupProgress, Database, DriverStatement, RunResult, SqlValue } from './connection/driver.ts';
export type { DatabaseEvents, DatabaseManagerEvents } from './database-events.ts';
export { DatabaseManager } from './database-manager.ts';
export { chunkContentHash } from './embedding-models/chunk-content.ts';
export { chooseEmbeddingModel, requireComparable, UNKNOWN_MODEL } from './embedding-models/embedding-model.ts';
export type { OutdatedText, ReembeddingTarget } from './embedding-models/reembedding.ts';
export * from './errors/index.ts';
export { TypedEventEmitter } from './events.ts';
export * from './full-text/index.ts';
export type { GuardedQueryOptions, GuardedQueryResult } from './guarded-query.ts';
export type { Health, IntegrityCheck } from './health.ts';
export { type ImportedFile, ImportLedger } from './import-ledger.ts';
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
} from './import-targets.ts';
export * from './ranking/index.ts';
export * from './records/index.ts';
export { type RestoredBackup, restoreBackup } from './recovery/restore-backup.ts';
export { type SalvagedTable, type SalvageReport, salvageDatabase } from './recovery/salvage.ts';
export { setAside } from './recovery/set-aside.ts';
export { prepareRedaction, type Redact, redactionOf, requireRedact } from './redaction/redaction.ts';
export { redactSecrets } from './redaction/secrets.ts';
export type { SchemaModule } from './schema/modules.ts';
export { APPLICATION_ID, MIGRATIONS, SCHEMA_SQL, SCHEMA_VERSION } from './schema/schema.ts';
export {
  getDatabaseManager,
  initializeDatabase,
  resetDatabaseManager,
  type SharedRepository,
  shareRepository,
} from './shared-manager.ts';
export * from './sql/index.ts';
export { type DatabaseStats, formatBytes, formatStatistics, type TableSize } from './statistics.ts';
export * from './validation.ts';
export type { Condition } from './vector-index/attributes.ts';
export type { Neighbour } from './vector-index/neighbours.ts';
export { configureVectorMemory, type VectorMemoryOptions, vectorMemoryBytes } from './vector-index/resident-pool.ts';
export { type SearchMode, type VectorIndex, type VectorQuery, vectorIndexOf } from './vector-index/vector-index.ts';
export type { VectorSource } from './vector-index/vector-source.ts';
