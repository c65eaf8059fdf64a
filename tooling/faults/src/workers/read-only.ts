// A process of its own: opens a database to read it, says whether it reads a copy, and lives until it is ended.
import { DatabaseManager } from '@codebuddy/db-core';

const manager = new DatabaseManager({ dbPath: process.argv[2], readOnly: true });
await manager.initialize();
process.send?.(manager.snapshot);
setInterval(() => manager.snapshot, 1_000);
