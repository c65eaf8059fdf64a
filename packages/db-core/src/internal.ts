/**
 * The building blocks of the other `@codebuddy/db` packages. It changes with every minor version of this package, and
 * each of them asks for the version that it was built with: nothing else should import it.
 *
 * @packageDocumentation
 */
export { MonotonicClock } from './clock.ts';
export * from './codecs/index.ts';
export { dataFolder } from './connection/database-location.ts';
export type { DriverStatement, RunResult, SqlValue } from './connection/driver.ts';
export { FileLock } from './connection/file-lock.ts';
export { requireCore } from './core-version.ts';
export { CONVENTION_CATEGORIES, REPAIR_ERROR_TYPES } from './domains/analytics/record.ts';
export * from './domains/analytics/rows.ts';
export { CACHE_VECTORS } from './domains/cache/vector-source.ts';
export { CHECKPOINT_KINDS, SECRET_FILES } from './domains/checkpoints/record.ts';
export { chunkContentHash } from './domains/code/chunk-content.ts';
export * from './domains/code/rows.ts';
export { CODE_VECTORS } from './domains/code/vector-source.ts';
export type {
  CacheImportTarget,
  CacheRecord,
  CostImportTarget,
  CostRecord,
  ImportedCost,
  ImportedMessage,
  ImportedTranscript,
  ImportOutcome,
  MemoryImportTarget,
  SessionImportOutcome,
  SessionImportTarget,
  Transcript,
} from './domains/imports/import-targets.ts';
export { DOMAINS } from './domains/index.ts';
export { MEMORY_SCOPES, MEMORY_TYPES } from './domains/memories/record.ts';
export * from './domains/memories/rows.ts';
export { MEMORY_VECTORS } from './domains/memories/vector-source.ts';
export { MESSAGE_ROLES } from './domains/sessions/record.ts';
export * from './domains/sessions/rows.ts';
export { requireComparable, UNKNOWN_MODEL } from './embedding-models/embedding-model.ts';
export type { OutdatedText } from './embedding-models/reembedding.ts';
export { toDatabaseError } from './errors/classify.ts';
export { isError, isErrorNamed } from './errors/is-error.ts';
export { hasSystemCode, isSystemError } from './errors/system-error.ts';
export { TypedEventEmitter } from './events.ts';
export * from './full-text/index.ts';
export { callerPlace } from './isolation/caller-place.ts';
export type { Isolate, Program } from './isolation/isolate.ts';
export { resolveInstalled } from './isolation/resolve.ts';
export { startProcess } from './isolation/start-process.ts';
export * from './known-names/known-names.ts';
export { projectIdOf } from './known-names/no-project.ts';
export { DATABASE_CONFIG_NAMES } from './manager/config.ts';
export { type SharedRepository, shareRepository } from './manager/shared-manager.ts';
export { formatStatistics } from './manager/statistics.ts';
export * from './ranking/index.ts';
export { keepingLines } from './redaction/keeping-lines.ts';
export { redactCacheRecord, redactMemory, redactTranscript } from './redaction/redact-records.ts';
export { redactionOf, redactText, requireRedact } from './redaction/redaction.ts';
export { type IdGenerator, REPOSITORY_NAMES, randomId, resolveRepositoryOptions } from './repository-options.ts';
export * from './root-folder/index.ts';
export * from './sql/index.ts';
export type { VectorSource } from './table-kit/vector-source.ts';
export * from './validation.ts';
export type { Condition } from './vector-index/attributes.ts';
export type { Neighbour } from './vector-index/rescore.ts';
export { SIMILARITY_NAMES } from './vector-index/similarity-options.ts';
export { type VectorIndex, type VectorQuery, vectorIndexOf } from './vector-index/vector-index.ts';
