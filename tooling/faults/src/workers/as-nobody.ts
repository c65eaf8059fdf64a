// Opens a database as a user who owns nothing else, reads and writes, and tells how far it came.
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { acknowledge } from './acknowledge.ts';

const NOBODY = 65_534;
const [path = ''] = process.argv.slice(2);
// The driver is loaded while this process may still read it.
const warmUp = new DatabaseManager({ inMemory: true });
await warmUp.initialize();
warmUp.close();
if (process.getuid?.() === 0) {
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

const attempt = async (what: string, run: () => unknown) => {
  try {
    await run();
    acknowledge({ kind: 'memory', id: what });
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
    acknowledge({ kind: 'failed', code: `${what}: ${error.code}`, retryable: error.retryable });
  }
};
const manager = new DatabaseManager({ dbPath: path });
await attempt('open', () => manager.initialize());
if (manager.isInitialized()) {
  const memories = new MemoryRepository(manager.getDatabase());
  await attempt('read', () => memories.find());
  await attempt('write', () => memories.create({ type: 'fact', content: 'written' }));
  manager.close();
}
