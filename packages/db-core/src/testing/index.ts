export { countingIds, type FakeClock, fakeClock } from './fake-clock.ts';
export { seededRandom } from './seeded-random.ts';
export { SwappingProcess } from './swapping-process.ts';
export { TemporaryDatabase, TemporaryFolder, temporaryDatabase } from './temporary-database.ts';
