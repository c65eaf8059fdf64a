import { join } from 'node:path';
import { EmbeddingRepository, reembed } from '@codebuddy/db-embeddings';
import { findInconsistencies, list } from '../consistency.ts';
import { otherModel } from '../other-model.ts';
import { describeFaults, openFile } from './contents.ts';
import type { Operation } from './operation.ts';

const CHUNKS = 300;
const pathIn = (folder: string) => join(folder, 'agent.db');

/** `reembed`, which moves vectors to another model */
export const operation: Operation = {
  prepare: async (folder) => {
    using manager = await openFile(pathIn(folder));
    new EmbeddingRepository(manager.getDatabase()).bulkUpsert(
      Array.from({ length: CHUNKS }, (_, index) => ({
        project_id: 'p',
        file_path: 'a.ts',
        chunk_index: index,
        chunk_text: `chunk ${index} ${'x'.repeat(index)}`,
        embedding: Float32Array.of(1, 2),
        embedding_model: 'old',
      })),
    );
  },
  run: async (folder) => {
    using manager = await openFile(pathIn(folder));
    const db = manager.getDatabase();
    const cache = new EmbeddingRepository(db);
    await reembed({ db, provider: otherModel(), cache, targets: [cache] });
  },
  look: (folder) =>
    describeFaults(async () => {
      using manager = await openFile(pathIn(folder));
      const db = manager.getDatabase();
      const models = list(db, 'SELECT DISTINCT embedding_model FROM code_contents');
      const [chunks] = list(db, 'SELECT count(*) FROM code_chunks');
      const faults = findInconsistencies(db);
      if (faults.length > 0) return faults.join('; ');
      if (chunks !== String(CHUNKS) || models.length !== 1) return `${chunks} chunks of ${models}`;
      return models[0] === 'old' ? 'old' : 'new';
    }),
  leftovers: (names) => names.filter((name) => name !== 'agent.db'),
};
