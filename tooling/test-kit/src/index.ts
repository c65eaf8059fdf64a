export {
  countingIds,
  type FakeClock,
  fakeClock,
  TemporaryDatabase,
  TemporaryFolder,
  temporaryDatabase,
} from '@codebuddy/db-core/testing';
export { describeMemoryStore, type MemoryStore } from './memory-store.ts';
export { scans } from './query-plan.ts';
export { describeSessionStore, type SessionStore } from './session-store.ts';
export type { StoreHarness } from './store-harness.ts';
