import { describeCacheImportTarget, describeCacheStore, fakeClock, temporaryDatabase } from '@codebuddy/test-kit';
import { CacheRepository } from '../src/index.ts';

describeCacheStore('SQLite', async () => {
  const database = await temporaryDatabase();
  const clock = fakeClock();
  const store = new CacheRepository(database.db, { clock });
  return { store, clock, close: () => database[Symbol.dispose]() };
});

describeCacheImportTarget(async () => {
  const database = await temporaryDatabase();
  return { target: new CacheRepository(database.db), close: () => database[Symbol.dispose]() };
});
