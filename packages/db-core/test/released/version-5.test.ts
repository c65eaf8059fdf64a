import { expect, it } from 'vitest';
import { connect } from '../../src/connection/connect.ts';
import { DatabaseManager } from '../../src/index.ts';
import { TemporaryFolder } from '../../src/testing/index.ts';
import { unpackVersion } from './released-versions.ts';

it('links the sessions that lost sight of their parent to it, if it has arrived since', async () => {
  using folder = new TemporaryFolder();
  const path = folder.join('agent.db');
  unpackVersion(4, path);
  const old = connect(path);
  const insert = old.prepare('INSERT INTO sessions (id, parent_session_id, metadata) VALUES (?, ?, ?)');
  insert.run('parent', null, null);
  insert.run('child', null, '{"missingParentSessionId":"parent"}');
  insert.run('other child', null, '{"a":[1,2.50],"missingParentSessionId":"parent"}');
  insert.run('orphan', null, '{"missingParentSessionId":"absent"}');
  insert.run('own parent', null, '{"missingParentSessionId":"own parent"}');
  old.close();

  using manager = new DatabaseManager({ dbPath: path });
  await manager.initialize();
  const rows = manager
    .getDatabase()
    .prepare(
      "SELECT id, parent_session_id, metadata FROM sessions WHERE id IN ('child', 'other child', 'orphan', 'own parent')",
    )
    .raw();
  expect(rows.all()).toEqual([
    ['child', 'parent', null],
    ['orphan', null, '{"missingParentSessionId":"absent"}'],
    ['other child', 'parent', '{"a":[1,2.50]}'],
    ['own parent', null, '{"missingParentSessionId":"own parent"}'],
  ]);
});
