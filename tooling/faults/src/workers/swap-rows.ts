// A process of its own: swaps which memories are facts, and which chunks are in which file, until it is ended.
import { DatabaseManager } from '@codebuddy/db-core';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { chunkOf } from '../swapped-rows.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2], busyTimeoutMs: 30_000 });
await manager.initialize();
const memories = new MemoryRepository(manager.getDatabase());
const chunks = new EmbeddingRepository(manager.getDatabase());

function swap(round: number): void {
  manager.transaction(() => {
    const [fact] = memories.find({ type: 'fact', limit: 1, offset: round % 20 });
    const [preference] = memories.find({ type: 'preference', limit: 1, offset: (round * 7) % 20 });
    memories.update(fact?.id ?? '', { type: 'preference' });
    memories.update(preference?.id ?? '', { type: 'fact' });
    const file = `${round % 2}.ts`;
    chunks.deleteForFile('p', file);
    chunks.bulkUpsert(Array.from({ length: 10 }, (_, index) => chunkOf(file, index, round)));
  });
}

process.send?.('ready');
for (let round = 0; ; round++) {
  swap(round);
  await new Promise((resolve) => setImmediate(resolve));
}
