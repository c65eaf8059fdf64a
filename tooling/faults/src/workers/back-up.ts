// Takes backups of a database that others write to, into a folder.
import { join } from 'node:path';
import { DatabaseManager } from '@codebuddy/db-core';
import { acknowledge } from './acknowledge.ts';

const [path, folder = '', backups = '1'] = process.argv.slice(2);
const manager = new DatabaseManager({ dbPath: path, busyTimeoutMs: 30_000 });
await manager.initialize();
acknowledge({ kind: 'ready' });
for (let i = 0; i < Number(backups); i++) await manager.backup(join(folder, `backup-${i}.db`));
manager.close();
acknowledge({ kind: 'done' });
