// Writes by one call until it is refused, acknowledges each that returned, and shows that what was stored can be read.
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { acknowledge } from './acknowledge.ts';

const [path, call = ''] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path });
await manager.initialize();
const memories = new MemoryRepository(manager.getDatabase());
const sessions = new SessionRepository(manager.getDatabase());
sessions.createSession({ id: 's' });
const text = (id: string) => `${id} ${'x'.repeat(1_000)}`;

const calls: Readonly<Record<string, (id: string) => void>> = {
  create: (id) => {
    memories.create({ id, type: 'fact', content: text(id) });
    acknowledge({ kind: 'memory', id });
  },
  bulkCreate: (id) => {
    memories.bulkCreate([0, 1, 2, 3, 4].map((i) => ({ id: `${id}/${i}`, type: 'fact', content: text(`${id}/${i}`) })));
    acknowledge({ kind: 'memories', id, count: 5 });
  },
  addMessage: (id) => {
    sessions.addMessage({ session_id: 's', role: 'user', content: text(id), operation_id: id });
    acknowledge({ kind: 'message', id });
  },
};

acknowledge({ kind: 'ready' });
try {
  for (let i = 0; i < 50_000; i++) calls[call]?.(`m${i}`);
} catch (error) {
  if (!DatabaseError.isInstance(error)) throw error;
  acknowledge({ kind: 'failed', code: error.code, retryable: error.retryable });
}
if (memories.find({ limit: 1 }).length + sessions.getMessages('s', 1).length === 0)
  throw new Error('what was stored cannot be read any more');
manager.close();
acknowledge({ kind: 'done' });
