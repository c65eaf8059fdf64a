// Stores memories until it is refused, tells by which error, and that what was stored can still be read.
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { acknowledge } from './acknowledge.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2] });
await manager.initialize();
const memories = new MemoryRepository(manager.getDatabase());
acknowledge({ kind: 'ready' });
for (let i = 0; ; i++) {
  const id = `m${i}`;
  try {
    memories.bulkCreate(
      Array.from({ length: 5 }, (_, part) => ({
        id: `${id}/${part}`,
        type: 'fact' as const,
        content: `${id}/${part} ${'x'.repeat(5_000)}`,
      })),
    );
  } catch (error) {
    if (!DatabaseError.isInstance(error)) throw error;
    acknowledge({ kind: 'failed', code: error.code, retryable: error.retryable });
    break;
  }
  acknowledge({ kind: 'memories', id, count: 5 });
}
if (memories.getById('m0/0') === null) throw new Error('what was stored cannot be read any more');
manager.close();
acknowledge({ kind: 'done' });
