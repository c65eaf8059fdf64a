import { DatabaseManager } from '@codebuddy/db-core';
import { CacheRepository } from '../../src/index.ts';

// Invalidates a key of a database as another process: `node invalidate.ts <file> <call>`.
const [, , dbPath, call] = process.argv;
const manager = new DatabaseManager({ dbPath });
await manager.initialize();
const cache = new CacheRepository(manager.getDatabase());
if (call === 'set') cache.set('tree', 'new');
else if (call === 'deleteByTag') cache.deleteByTag('files');
else if (call === 'computeAndDelete') {
  await cache.getOrCompute('tree', () => 'old too', { tags: ['files'] });
  cache.delete('tree');
} else cache.delete('tree');
manager.close();
