// A process of its own: opens a database, says so, and keeps it open until it is ended.
import { DatabaseManager } from '../../src/index.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2] });
await manager.initialize();
process.send?.('open');
setInterval(() => undefined, 1_000);
