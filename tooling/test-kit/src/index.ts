export {
  countingIds,
  type FakeClock,
  fakeClock,
  SwappingProcess,
  TemporaryDatabase,
  TemporaryFolder,
  temporaryDatabase,
} from '@codebuddy/db-core/testing';
export { describeAnalyticsStore } from './analytics-store.ts';
export { describeCacheStore } from './cache-store.ts';
export { describeCheckpointStore } from './checkpoint-store.ts';
export { describeCodeStore } from './code-store.ts';
export {
  describeCacheImportTarget,
  describeCostImportTarget,
  describeMemoryImportTarget,
  describeSessionImportTarget,
} from './import-targets.ts';
export { describeMemoryStore } from './memory-store.ts';
export { scans } from './query-plan.ts';
export { describeSessionStore } from './session-store.ts';
export type { Either, StoreHarness } from './store-harness.ts';
