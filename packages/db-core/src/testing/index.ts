export { countingIds, type FakeClock, fakeClock } from './fake-clock.ts';
export { TemporaryDatabase, TemporaryFolder, temporaryDatabase } from './temporary-database.ts';
