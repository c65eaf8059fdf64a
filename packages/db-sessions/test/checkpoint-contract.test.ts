import { describeCheckpointStore, fakeClock, temporaryDatabase } from '@codebuddy/test-kit';
import { CheckpointRepository } from '../src/index.ts';

describeCheckpointStore('SQLite', async () => {
  const database = await temporaryDatabase();
  const clock = fakeClock();
  const store = new CheckpointRepository(database.db, { clock });
  return { store, clock, close: () => database[Symbol.dispose]() };
});
