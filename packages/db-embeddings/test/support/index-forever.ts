// A process of its own: indexes a project with a slow model, and tells each file it has stored, until it is killed.
import { DatabaseManager } from '@codebuddy/db-core';
import { EmbeddingProvider, EmbeddingRepository, ProjectIndexer } from '../../src/index.ts';

const [path = '', projectPath = ''] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path });
await manager.initialize();
const provider = new EmbeddingProvider({
  provider: async (texts) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return texts.map((text) => [text.length, 1]);
  },
});
const repository = new EmbeddingRepository(manager.getDatabase());
const indexer = new ProjectIndexer({ repository, provider, projectId: 'p', projectPath });
await indexer.index({ onProgress: (progress) => process.send?.(progress.path) });
