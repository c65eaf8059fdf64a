import { describeAnalyticsStore, describeCostImportTarget, fakeClock, temporaryDatabase } from '@codebuddy/test-kit';
import { AnalyticsRepository } from '../src/index.ts';

describeAnalyticsStore('SQLite', async () => {
  const database = await temporaryDatabase();
  const clock = fakeClock();
  const store = new AnalyticsRepository(database.db, { clock });
  return { store, clock, close: () => database[Symbol.dispose]() };
});

describeCostImportTarget(async () => {
  const database = await temporaryDatabase();
  return { target: new AnalyticsRepository(database.db), close: () => database[Symbol.dispose]() };
});
