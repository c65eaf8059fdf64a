// The database in a worker thread: the main thread asks by message, and never waits for SQL.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { getMemoryRepository, initializeDatabaseSystem, resetDatabaseSystem } from '@codebuddy/db-integration';

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const waiting = new Map();
  worker.on('message', ({ id, answer }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const ask = (words) => {
    const { promise, resolve } = Promise.withResolvers();
    const question = { id: waiting.size, words };
    waiting.set(question.id, resolve);
    worker.postMessage(question);
    return promise;
  };
  console.log(await Promise.all([ask('worker threads'), ask('nothing of the kind')]));
  worker.postMessage('close');
} else {
  await initializeDatabaseSystem({ dbPath: process.env['CODEBUDDY_DB_PATH'] ?? 'agent.db', autoMigrate: false });
  getMemoryRepository().create({ type: 'fact', content: 'Worker threads have connections of their own' });
  parentPort?.on('message', (message) => {
    if (message === 'close') {
      resetDatabaseSystem();
      parentPort?.close();
      return;
    }
    const found = getMemoryRepository().search(message.words);
    parentPort?.postMessage({ id: message.id, answer: found.map(({ memory }) => memory.content) });
  });
}
