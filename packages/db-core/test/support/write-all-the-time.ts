// A process of its own: writes two rows at a time to a database, with checkpoints now and then, until it is ended.
import { DatabaseManager } from '../../src/index.ts';

const manager = new DatabaseManager({ dbPath: process.argv[2] });
await manager.initialize();
const insert = manager.prepare("INSERT INTO cache (key, value) VALUES (hex(randomblob(8)), '1')");

function write(): void {
  manager.transaction(() => [insert.run(), insert.run()]);
  if (Math.random() < 0.1) manager.getDatabase().pragma('wal_checkpoint(PASSIVE)');
}

write();
process.send?.('writing');
// A file that changes without any pause can't be copied whole.
setInterval(write, 20);
