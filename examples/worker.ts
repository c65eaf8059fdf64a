// The database in a worker thread: the main thread asks by message, and never waits for SQL.
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { getMemoryRepository, initializeDatabaseSystem, resetDatabaseSystem } from '@codebuddy/db-integration';

interface Question {
  readonly id: number;
  readonly words: string;
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const waiting = new Map<number, (answer: string[]) => void>();
  worker.on('message', ({ id, answer }: { id: number; answer: string[] }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let asked = 0;
  const ask = (words: string) => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const question: Question = { id: asked++, words };
    waiting.set(question.id, resolve);
    worker.postMessage(question);
    return promise;
  };

  console.log(await Promise.all([ask('worker threads'), ask('nothing of the kind')]));
  worker.postMessage('close');
} else {
  await initializeDatabaseSystem({ dbPath: process.env['CODEBUDDY_DB_PATH'] ?? 'agent.db', autoMigrate: false });
  getMemoryRepository().create({ type: 'fact', content: 'Worker threads have connections of their own' });
  parentPort?.on('message', (message: Question | 'close') => {
    if (message === 'close') {
      resetDatabaseSystem();
      parentPort?.close();
      return;
    }
    const found = getMemoryRepository().search(message.words);
    parentPort?.postMessage({ id: message.id, answer: found.map(({ memory }) => memory.content) });
  });
}
