import { describeMemoryImportTarget, describeMemoryStore, fakeClock, temporaryDatabase } from '@codebuddy/test-kit';
import { MemoryRepository } from '../src/index.ts';

describeMemoryStore('SQLite', async () => {
  const database = await temporaryDatabase();
  const clock = fakeClock();
  const store = new MemoryRepository(database.db, { clock });
  return { store, clock, close: () => database[Symbol.dispose]() };
});

describeMemoryImportTarget(async () => {
  const database = await temporaryDatabase();
  return { target: new MemoryRepository(database.db), close: () => database[Symbol.dispose]() };
});
