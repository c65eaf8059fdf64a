import { describeSessionImportTarget, describeSessionStore, fakeClock, temporaryDatabase } from '@codebuddy/test-kit';
import { SessionRepository } from '../src/index.ts';

describeSessionStore('SQLite', async () => {
  const database = await temporaryDatabase();
  const clock = fakeClock();
  const store = new SessionRepository(database.db, { clock });
  return { store, clock, close: () => database[Symbol.dispose]() };
});

describeSessionImportTarget(async () => {
  const database = await temporaryDatabase();
  return { target: new SessionRepository(database.db), close: () => database[Symbol.dispose]() };
});
