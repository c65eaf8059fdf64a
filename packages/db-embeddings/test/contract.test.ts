import { describeCodeStore, fakeClock, temporaryDatabase } from '@codebuddy/test-kit';
import { EmbeddingRepository } from '../src/index.ts';

describeCodeStore('SQLite', async () => {
  const database = await temporaryDatabase();
  const clock = fakeClock();
  const store = new EmbeddingRepository(database.db, { clock });
  return { store, clock, close: () => database[Symbol.dispose]() };
});
