// Imports the legacy JSON files of a folder.
import { initializeDatabaseSystem, resetDatabaseSystem, runMigration } from '@codebuddy/db-integration';
import { acknowledge } from './acknowledge.ts';

const [path, home] = process.argv.slice(2);
await initializeDatabaseSystem({ dbPath: path, autoMigrate: false });
acknowledge({ kind: 'ready' });
await runMigration({ home, deleteAfterMigration: true });
resetDatabaseSystem();
acknowledge({ kind: 'done' });
