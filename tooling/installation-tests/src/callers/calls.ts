// Calls as Code-Buddy's own code writes them: they must go on compiling, and do what they did.
import {
  getDatabaseManager,
  getMemoryRepository,
  getSessionRepository,
  initializeDatabaseSystem,
  resetDatabaseSystem,
  type Session,
} from '@codebuddy/db-integration';

interface ToolCall {
  id: string;
  function: { name: string; arguments: string };
}

/** What the caller shows of its history. */
export interface Overview {
  tables: string[];
  stored: number;
  skipped: number;
  cheapestFirst: string[];
  dearestFirst: string[];
  found: number;
  foundInArchive: number;
  plucked: unknown[];
}

/** Uses the layer for a while. */
export async function useTheLayer(metadata: Record<string, unknown>, toolCalls: unknown[]): Promise<Overview> {
  await initializeDatabaseSystem({ inMemory: true, autoMigrate: false });
  try {
    const sessions = getSessionRepository();
    const first: Session = sessions.createSession({ id: 'first', name: 'First', project_id: null, metadata });
    sessions.createSession({ id: 'second', metadata: { nested: { list: [1, 'two', null] } } });
    sessions.addMessage({ session_id: first.id, role: 'user', content: 'Deploy the shop' });
    const calls: ToolCall[] = [{ id: 'c1', function: { name: 'deploy', arguments: '{}' } }];
    sessions.addMessage({ session_id: first.id, role: 'assistant', tool_calls: calls, metadata });
    sessions.addMessage({ session_id: first.id, role: 'assistant', tool_calls: toolCalls, tokens: 5 });
    sessions.addMessage({ session_id: first.id, role: 'tool', content: 'done', tool_call_id: 'c1', metadata: null });
    sessions.updateSessionStats('second', { cost: 0.5 });
    sessions.setArchived(first.id, true);

    const memories = getMemoryRepository();
    const fact = { id: 'm1', type: 'fact' as const, content: 'The shop runs on port 80', project_id: null, metadata };
    const options: { order: 'ASC' | 'DESC' } = { order: 'DESC' };
    return {
      stored: memories.bulkCreate([fact, { type: 'preference', content: 'Tabs', scope: 'user', expires_at: null }]),
      skipped: memories.bulkCreate([{ ...fact, content: 'another content under a known id' }]),
      cheapestFirst: sessions.findSessions({ orderBy: 'total_cost', order: 'ASC' }).map(({ id }) => id),
      dearestFirst: sessions.findSessions({ orderBy: 'total_cost', ...options }).map(({ id }) => id),
      found: sessions.searchMessages('deploy').length,
      foundInArchive: sessions.searchMessages('deploy', { includeArchived: true }).length,
      plucked: getDatabaseManager().getDatabase().prepare('SELECT id FROM sessions ORDER BY id').pluck().all(),
      tables: namesOf(getDatabaseManager().getDatabaseStats().tables),
    };
  } finally {
    resetDatabaseSystem();
  }
}

function namesOf(tables: string[]): string[] {
  const names: string[] = [];
  for (const table of tables) names.push(table.toLowerCase());
  return names;
}
