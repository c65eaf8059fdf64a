import { mkdirSync, writeFileSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';
import { afterEach, expect, it } from 'vitest';
import {
  getDatabaseManager,
  getMemoryRepository,
  getSessionRepository,
  initializeDatabaseSystem,
  redactSecrets,
  resetDatabaseSystem,
  runMigration,
} from '../src/index.ts';

const SECRET = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');

afterEach(resetDatabaseSystem);

it('no secret reaches the file: not by a memory, a message, an import or an update', async () => {
  using folder = new TemporaryFolder();
  await initializeDatabaseSystem({ dbPath: folder.join('agent.db'), autoMigrate: false, redact: redactSecrets });
  const memories = getMemoryRepository();
  const { id } = memories.create({ type: 'fact', content: `Deploy with ${SECRET}`, metadata: { token: SECRET } });
  memories.update(id, { content: `Deploy again with ${SECRET}` });
  const sessions = getSessionRepository();
  const session = sessions.createSession();
  const message = { session_id: session.id, role: 'user', operation_id: 'once' } as const;
  const stored = sessions.addMessage({ ...message, content: `It is ${SECRET}`, tool_calls: [{ argument: SECRET }] });
  expect(stored.content).toBe('It is [redacted: GitHub token]');
  // Made again, the same call finds what it stored.
  expect(sessions.addMessage({ ...message, content: `It is ${SECRET}` }).id).toBe(stored.id);
  sessions.importSession({ ...sessions.exportSession(session.id), session: { ...session, id: 'copy' } });

  mkdirSync(folder.join('home', 'sessions'), { recursive: true });
  writeFileSync(folder.join('home', 'memories.json'), JSON.stringify([{ id: 'm', content: `Old ${SECRET}` }]));
  writeFileSync(
    folder.join('home', 'sessions', 's.json'),
    JSON.stringify({ id: 's', messages: [{ role: 'user', content: SECRET, toolCalls: [SECRET] }] }),
  );
  const result = await runMigration({ home: folder.join('home') });
  expect(result).toMatchObject({ success: true, migratedItems: { memories: 1, sessions: 1 } });

  const tables = getDatabaseManager().prepare('SELECT content, tool_calls, metadata FROM messages').all();
  const rows = [...tables, ...getDatabaseManager().prepare('SELECT content, metadata FROM memories').all()];
  expect(rows).toHaveLength(5);
  expect(JSON.stringify(rows)).not.toContain(SECRET);
});
