// A process of its own: opens the file when the others are ready too, writes, and reports what was acknowledged.
import { DatabaseManager } from '../../src/index.ts';

const [path = '', writes = '0'] = process.argv.slice(2);

process.once('message', async () => {
  const manager = new DatabaseManager({ dbPath: path });
  const backups = new Set<string>();
  manager.on('db:migration', ({ applied, backupPath }) => {
    if (applied && backupPath !== undefined) backups.add(backupPath);
  });
  await manager.initialize();
  const insert = manager.prepare("INSERT INTO cache (key, value) VALUES (?, '1')");
  const acknowledged: string[] = [];
  for (let i = 0; i < Number(writes); i++) {
    const key = `${process.pid}:${i}`;
    insert.run(key);
    acknowledged.push(key);
  }
  manager.close();
  process.send?.({ acknowledged, backups: backups.size }, () => process.disconnect());
});
process.send?.('ready');
