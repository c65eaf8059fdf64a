// A process of its own: opens a database, writes to it, backs it up and restores it, and prints what it was warned of.
import { chmodSync } from 'node:fs';
import { DatabaseManager, restoreBackup } from '../../src/index.ts';

const [, , dbPath = '', backup = ''] = process.argv;
const warnings: string[] = [];
const manager = new DatabaseManager({ dbPath });
manager.on('warning', ({ message }) => warnings.push(message));
await manager.initialize();
manager.exec("INSERT INTO cache (key, value) VALUES ('k', '1')");
await manager.backup(backup);
manager.close();
restoreBackup(backup, dbPath);
await manager.initialize();
const stored = manager.getDatabaseStats().cacheSize;
manager.close();
let isRefused = false;
try {
  chmodSync(dbPath, 0o600);
} catch {
  isRefused = true;
}
process.stdout.write(
  JSON.stringify({ stored, isRefused, isWarned: warnings.some((warning) => /rights/.test(warning)) }),
);
