// Restores a checkpoint of a project, or makes another call of its checkpoints. Told to, it dies before a certain call on a file.
import { DatabaseError, DatabaseManager } from '@codebuddy/db-core';
import { CheckpointRepository, ProjectCheckpoints } from '@codebuddy/db-sessions';
import { acknowledge } from './acknowledge.ts';
import { countFileCalls } from './count-file-calls.ts';

const [path, projectPath = '', checkpoint = '', call = 'restore', deadly = '0'] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path });
await manager.initialize();
const repository = new CheckpointRepository(manager.getDatabase());
const checkpoints = new ProjectCheckpoints(repository, { projectId: 'shop', projectPath });
acknowledge({ kind: 'ready' });
const count = await countFileCalls(Number(deadly));
try {
  await (call === 'recover' ? checkpoints.recover() : checkpoints.restore(checkpoint));
} catch (error) {
  if (!DatabaseError.isInstance(error)) throw error;
  acknowledge({ kind: 'failed', code: error.code, retryable: error.retryable });
}
acknowledge({ kind: 'file-calls', count: count() });
manager.close();
acknowledge({ kind: 'done' });
