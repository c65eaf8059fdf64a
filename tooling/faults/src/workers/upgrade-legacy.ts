// Opens a file, which brings it to the schema of this release.
import { DatabaseManager } from '@codebuddy/db-core';
import { acknowledge } from './acknowledge.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2] });
acknowledge({ kind: 'ready' });
await manager.initialize();
manager.close();
acknowledge({ kind: 'done' });
