// Moves the vectors of a database to another model.
import { DatabaseManager } from '@codebuddy/db-core';
import { EmbeddingRepository, reembed } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { otherModel } from '../other-model.ts';
import { acknowledge } from './acknowledge.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2] });
await manager.initialize();
const db = manager.getDatabase();
const cache = new EmbeddingRepository(db);
acknowledge({ kind: 'ready' });
await reembed({ db, provider: otherModel(), cache, targets: [cache, new MemoryRepository(db)] });
manager.close();
acknowledge({ kind: 'done' });
