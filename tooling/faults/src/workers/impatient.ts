// Writes once with a short busy timeout, and tells which error it was given.
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { acknowledge } from './acknowledge.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2], busyTimeoutMs: 100 });
await manager.initialize();
acknowledge({ kind: 'ready' });
try {
  new MemoryRepository(manager.getDatabase()).create({ id: 'late', type: 'fact', content: 'too late' });
  acknowledge({ kind: 'memory', id: 'late' });
} catch (error) {
  if (!DatabaseError.isInstance(error)) throw error;
  acknowledge({ kind: 'failed', code: error.code, retryable: error.retryable });
}
manager.close();
