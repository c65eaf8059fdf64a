export {
  countingIds,
  type FakeClock,
  fakeClock,
  SwappingProcess,
  TemporaryDatabase,
  TemporaryFolder,
  temporaryDatabase,
} from '@codebuddy/db-core/testing';
export { describeMemoryStore } from './memory-store.ts';
export { scans } from './query-plan.ts';
export { describeSessionStore } from './session-store.ts';
export type { Either, StoreHarness } from './store-harness.ts';
