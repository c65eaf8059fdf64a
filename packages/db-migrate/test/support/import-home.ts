// A process of its own: imports a folder when it is told to, and reports what it did.
import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { DatabaseManager, ImportLedger } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { DatabaseMigration } from '../../src/index.ts';

const [path = '', home = ''] = process.argv.slice(2);

process.once('message', async () => {
  const manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  const db = manager.getDatabase();
  const targets = {
    memories: new MemoryRepository(db),
    sessions: new SessionRepository(db),
    cache: new CacheRepository(db),
    analytics: new AnalyticsRepository(db),
    ledger: new ImportLedger(db),
  };
  const result = await new DatabaseMigration(targets, { home, deleteAfterMigration: true }).migrate();
  manager.close();
  process.send?.(result, () => process.disconnect());
});
process.send?.('ready');
