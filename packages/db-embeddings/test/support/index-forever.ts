// A process of its own: indexes a project with a model that answers twice and then never again, until it is killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseManager } from '@codebuddy/db-core';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer } from '../../src/index.ts';

const [path = '', projectPath = ''] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path });
await manager.initialize();
let answers = 0;
const provider = new EmbeddingProvider({
  provider: async (texts) => {
    if (++answers > 2) await sleep(2 ** 31 - 1);
    return texts.map((text) => [text.length, 1]);
  },
});
const repository = new EmbeddingRepository(manager.getDatabase());
const indexer = new ProjectIndexer({ repository, provider, projectId: 'p', projectPath });
await indexer.index({ onProgress: (progress) => process.send?.(progress.path) });
