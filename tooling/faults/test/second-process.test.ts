import { DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { expect, it } from 'vitest';
import { findInconsistencies } from '../src/consistency.ts';
import { runWorker } from '../src/run-worker.ts';
import { scaled } from '../src/scale.ts';

it(
  'what a second process writes between calls, and dies of, is there for the first',
  async () => {
    using folder = new TemporaryFolder();
    const path = folder.join('agent.db');
    using manager = new DatabaseManager({ dbPath: path });
    await manager.initialize();
    const db = manager.getDatabase();
    const memories = new MemoryRepository(db);
    const chunks = new EmbeddingRepository(db);
    let seen = 0;
    for (let round = 0; round < scaled(4, 40); round++) {
      memories.create({
        type: 'fact',
        content: `mine ${round}`,
        embedding: Float32Array.of(1, round),
        embedding_model: 'n',
      });
      await runWorker('write', [path, `w${round + 1}`], { killAfterMs: 80 });
      expect(memories.searchSimilar(Float32Array.of(1, round), { embeddingModel: 'n' }, 1)[0]?.memory.content).toBe(
        `mine ${round}`,
      );
      const found = chunks.getStats().totalEmbeddings;
      expect(found).toBeGreaterThanOrEqual(seen);
      expect(found % 20).toBe(0);
      seen = found;
      expect(findInconsistencies(db)).toEqual([]);
    }
  },
  scaled(60_000, 600_000),
);
