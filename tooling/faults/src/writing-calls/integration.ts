import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { ImportLedger } from '@codebuddy/db-core';
import { DatabaseIntegration, runMigration } from '@codebuddy/db-integration';
import { MemoryRepository } from '@codebuddy/db-memory';
import { DatabaseMigration } from '@codebuddy/db-migrate';
import { SessionRepository } from '@codebuddy/db-sessions';
import { keyBefore, partsOf, type Stage, textOf, type WritingCall, type WritingCalls } from './writing-call.ts';

const MEMORIES = `SELECT ${keyBefore('/', 'id')} FROM memories`;
const BY_CONTENT = `SELECT ${keyBefore(' ', 'content')} FROM memories`;

/** A call of the facade. */
function on(
  prepare: WritingCall['prepare'],
  call: (facade: DatabaseIntegration, key: string) => unknown,
  effect: Partial<WritingCall>,
): WritingCall {
  return {
    ...(prepare === undefined ? {} : { prepare }),
    begin: () => call.bind(undefined, new DatabaseIntegration({ embeddingProvider: 'mock', autoMigrate: false })),
    ...effect,
  };
}

function storeMemories({ db }: Stage, keys: readonly string[]): void {
  new MemoryRepository(db).bulkCreate(keys.map((id) => ({ id, type: 'fact', content: textOf(id), importance: 0.5 })));
}

function storeSessions({ db, manager }: Stage, keys: readonly string[]): void {
  const sessions = new SessionRepository(db);
  manager.transaction(() => {
    for (const key of keys) sessions.createSession({ id: key, metadata: { text: textOf(key) } });
  });
}

/** Writes what an earlier release kept: a file of three memories, in a home folder of its own. */
function writeLegacyMemories(folder: string, key: string): string {
  const home = join(folder, key, '.codebuddy');
  mkdirSync(home, { recursive: true });
  const memories = partsOf(key).map((id) => ({ id, type: 'fact', content: textOf(id) }));
  writeFileSync(join(home, 'memories.json'), JSON.stringify(memories));
  return home;
}

export const integrationCalls: WritingCalls = {
  'DatabaseIntegration.initialize': {
    begin: ({ folder }) => {
      const facade = new DatabaseIntegration({ autoMigrate: true });
      return async (key) => {
        writeLegacyMemories(folder, key);
        const { HOME } = process.env;
        process.env['HOME'] = join(folder, key);
        try {
          await facade.initialize();
        } finally {
          process.env['HOME'] = HOME;
        }
      };
    },
    stored: MEMORIES,
    rows: 3,
  },
  'DatabaseIntegration.addMemory': on(
    undefined,
    (facade, key) => facade.addMemory(textOf(key), { generateEmbedding: false }),
    { stored: BY_CONTENT },
  ),
  'DatabaseIntegration.addMemory, with its vector': on(
    undefined,
    (facade, key) => facade.addMemory(textOf(key), { generateEmbedding: true }),
    { stored: `${BY_CONTENT} WHERE embedding IS NOT NULL` },
  ),
  'DatabaseIntegration.embedPending': on(
    ({ db }, keys) => {
      const memories = keys.map((id) => ({ id, type: 'fact' as const, content: textOf(id), embedding_owed: true }));
      new MemoryRepository(db).bulkCreate(memories);
    },
    (facade) => facade.embedPending(),
    { stored: 'SELECT id FROM memories WHERE embedding IS NOT NULL' },
  ),
  'DatabaseIntegration.updateMemoryImportance': on(
    storeMemories,
    (facade, key) => facade.updateMemoryImportance(key, 1),
    { stored: 'SELECT id FROM memories WHERE importance = 1' },
  ),
  'DatabaseIntegration.deleteMemory': on(storeMemories, (facade, key) => facade.deleteMemory(key), {
    deleted: 'SELECT id FROM memories',
  }),
  'DatabaseIntegration.createSession': on(
    undefined,
    (facade, key) => facade.createSession({ name: key, projectId: key, projectPath: `/${textOf(key)}` }),
    { stored: 'SELECT name FROM sessions UNION ALL SELECT project_id FROM analytics', rows: 2 },
  ),
  'DatabaseIntegration.addMessage': on(storeSessions, (facade, key) => facade.addMessage(key, 'user', textOf(key)), {
    stored: 'SELECT session_id FROM messages',
  }),
  'DatabaseIntegration.updateSessionStats': on(
    storeSessions,
    (facade, key) => facade.updateSessionStats(key, { tokensIn: 1, cost: 0.1 }),
    {
      stored: 'SELECT id FROM sessions WHERE total_tokens_in = 1 UNION ALL SELECT session_id FROM usage_requests',
      rows: 2,
    },
  ),
  'DatabaseIntegration.recordRepairAttempt': on(
    undefined,
    (facade, key) =>
      facade.recordRepairAttempt('Cannot find x', 'compile', key, true, 1, { fixCode: textOf('import x') }),
    { stored: 'SELECT strategy FROM repair_learning' },
  ),
  'DatabaseIntegration.recordToolUsage': on(
    undefined,
    (facade, key) => facade.recordToolUsage(key, true, 10, false, textOf('p')),
    { stored: 'SELECT tool_name FROM tool_stats' },
  ),
  'DatabaseIntegration.getCached': on(
    ({ db }, keys) => new CacheRepository(db).setMany(keys.map((key) => ({ key, value: textOf(key) }))),
    (facade, key) => facade.getCached(key),
    {},
  ),
  'DatabaseIntegration.setCached': on(undefined, (facade, key) => facade.setCached(key, textOf(key)), {
    stored: 'SELECT key FROM cache',
  }),
  'DatabaseIntegration.getOrComputeCached': on(
    undefined,
    (facade, key) => facade.getOrComputeCached(key, () => textOf(key)),
    {},
  ),
  'DatabaseIntegration.indexCodeChunk': on(
    undefined,
    (facade, key) => facade.indexCodeChunk('p', key, 0, textOf(key)),
    { stored: 'SELECT file_path FROM code_chunks' },
  ),
  // Searches keep the vectors of their questions.
  'DatabaseIntegration.searchMemories': on(
    undefined,
    (facade, key) => facade.searchMemories(key, { semantic: true }),
    {},
  ),
  'DatabaseIntegration.searchCode': on(undefined, (facade, key) => facade.searchCode(key, 'p'), {}),
  'DatabaseIntegration.reembed': on(
    ({ db }, keys) => {
      const vector = { embedding: Float32Array.of(1), embedding_model: 'm' };
      new MemoryRepository(db).bulkCreate(keys.map((id) => ({ id, type: 'fact', content: textOf(id), ...vector })));
    },
    (facade) => facade.reembed(),
    { stored: "SELECT id FROM memories WHERE embedding_model <> 'm'", together: true },
  ),
  'DatabaseMigration.migrate': {
    begin: ({ db, folder }) => {
      const targets = {
        memories: new MemoryRepository(db),
        sessions: new SessionRepository(db),
        cache: new CacheRepository(db),
        analytics: new AnalyticsRepository(db),
        ledger: new ImportLedger(db),
      };
      return (key) => new DatabaseMigration(targets, { home: writeLegacyMemories(folder, key) }).migrate();
    },
    stored: MEMORIES,
    rows: 3,
  },
  runMigration: {
    begin:
      ({ folder }) =>
      (key) =>
        runMigration({ home: writeLegacyMemories(folder, key), deleteAfterMigration: true }),
    stored: MEMORIES,
    rows: 3,
  },
};

export const integrationReads = [
  'DatabaseIntegration.isInitialized',
  'DatabaseIntegration.getMemories',
  'DatabaseIntegration.getSession',
  'DatabaseIntegration.getMessages',
  'DatabaseIntegration.getRecentSessions',
  'DatabaseIntegration.getBestRepairStrategies',
  'DatabaseIntegration.getCostSummary',
  'DatabaseIntegration.getAnalyticsDashboard',
  'DatabaseIntegration.getLearningStats',
  'DatabaseIntegration.getStats',
  'DatabaseIntegration.formatStats',
  'DatabaseMigration.needsMigration',
  'DatabaseMigration.getMigrationStatus',
];
