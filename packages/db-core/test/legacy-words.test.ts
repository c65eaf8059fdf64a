import { expect, it, vi } from 'vitest';
import { DatabaseManager } from '../src/index.ts';
import { TemporaryFolder } from '../src/testing/index.ts';
import { writeLegacyFile } from './support/legacy-file.ts';

/** What a later release may know: words that the tables of version 4 refuse, and legacy rows are copied into those. */
vi.mock('../src/domains/memories/record.ts', async (original) => {
  const record: typeof import('../src/domains/memories/record.ts') = await original();
  return { MEMORY_TYPES: [...record.MEMORY_TYPES, 'habit'], MEMORY_SCOPES: [...record.MEMORY_SCOPES, 'team'] };
});
vi.mock('../src/domains/sessions/record.ts', async (original) => {
  const record: typeof import('../src/domains/sessions/record.ts') = await original();
  return { MESSAGE_ROLES: [...record.MESSAGE_ROLES, 'critic'] };
});
vi.mock('../src/domains/analytics/record.ts', async (original) => {
  const record: typeof import('../src/domains/analytics/record.ts') = await original();
  return {
    REPAIR_ERROR_TYPES: [...record.REPAIR_ERROR_TYPES, 'security'],
    CONVENTION_CATEGORIES: [...record.CONVENTION_CATEGORIES, 'naps'],
  };
});

it('a file of an earlier release is upgraded, whatever words later releases add', async () => {
  using folder = new TemporaryFolder();
  writeLegacyFile(folder.join('agent.db'), 3, (db) => {
    db.exec(`INSERT INTO memories (id, type, scope, content) VALUES ('m', 'habit', 'team', 'stretches');
      INSERT INTO sessions (id) VALUES ('s');
      INSERT INTO messages (session_id, role, content) VALUES ('s', 'critic', 'hm'), ('s', 'user', 'hello');
      INSERT INTO repair_learning (error_pattern, error_type, strategy) VALUES ('p', 'security', 'patch');
      INSERT INTO conventions (project_id, category, pattern) VALUES ('p', 'naps', 'at noon')`);
  });
  using manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
  await manager.initialize();
  expect(manager.prepare('SELECT type, scope, metadata FROM memories').all()).toEqual([
    { type: 'fact', scope: 'user', metadata: '{"originalType":"habit"}' },
  ]);
  expect(manager.prepare('SELECT role FROM messages').all()).toEqual([{ role: 'user' }]);
  expect(manager.prepare('SELECT error_type FROM repair_learning').all()).toEqual([{ error_type: 'runtime' }]);
  expect(manager.prepare('SELECT source_table, reason FROM adoption_rejects ORDER BY id').all()).toEqual([
    { source_table: 'memories', reason: 'its type is unknown' },
    { source_table: 'memories', reason: 'its scope is unknown' },
    { source_table: 'messages', reason: 'its role is unknown' },
    { source_table: 'repair_learning', reason: 'its error_type is unknown' },
    { source_table: 'conventions', reason: 'its category is unknown' },
  ]);
});
