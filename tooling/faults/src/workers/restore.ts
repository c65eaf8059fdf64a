// Restores the newest checkpoint of a project.
import { DatabaseManager } from '@codebuddy/db-core';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';
import { acknowledge } from './acknowledge.ts';

const [path, projectPath = '', checkpoint = ''] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path });
await manager.initialize();
const repository = new CheckpointRepository(manager.getDatabase());
const checkpoints = new ProjectCheckpoints(repository, { projectId: 'shop', projectPath });
acknowledge({ kind: 'ready' });
await checkpoints.restore(checkpoint);
manager.close();
acknowledge({ kind: 'done' });
