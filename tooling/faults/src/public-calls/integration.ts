import * as analytics from '@codebuddy/db-analytics';
import * as cache from '@codebuddy/db-cache';
import * as core from '@codebuddy/db-core';
import * as embeddings from '@codebuddy/db-embeddings';
import * as integration from '@codebuddy/db-integration';
import * as memory from '@codebuddy/db-memory';
import * as migrate from '@codebuddy/db-migrate';
import * as sessions from '@codebuddy/db-sessions';
import { emptyFolder } from './folders.ts';
import type { PublicModule } from './public-object.ts';

const CONFIGURATION = 'warns: programs give one configuration to all of their parts';

/** What it exports besides the slices, which are tried alone. */
const slices = { ...analytics, ...cache, ...core, ...embeddings, ...memory, ...migrate, ...sessions };
const own = Object.entries(integration).filter(([name]) => !(name in slices));

export const integrationModule: PublicModule = {
  exports: Object.fromEntries(own),
  objects: {
    DatabaseIntegration: async () => {
      integration.resetDatabaseSystem();
      await integration.initializeDatabaseSystem({ inMemory: true });
      return {
        target: new integration.DatabaseIntegration({ embeddingProvider: 'mock', autoMigrate: false }),
        calls: facadeCalls(),
        open: { 'setCached.1': 'is the value' },
      };
    },
  },
  functions: () => {
    const folder = emptyFolder();
    const config = { dbPath: `${folder}/agent.db`, autoMigrate: false, redact: String, redactCode: String };
    const options = { home: folder, projects: [folder], maxFileBytes: 1_000, redact: String, clock: () => 1 };
    const after =
      (prepare: () => unknown) =>
      (call: (...args: readonly never[]) => unknown) =>
      async (...args: readonly never[]) => {
        await prepare();
        return call(...args);
      };
    const afresh = after(integration.resetDatabaseSystem);
    const opened = after(() => integration.initializeDatabaseSystem({ inMemory: true }));
    return {
      target: {
        'new DatabaseIntegration': afresh(async (given: integration.DatabaseIntegrationConfig) => {
          const facade = new integration.DatabaseIntegration(given);
          await facade.initialize();
          await facade.addMemory('a memory', { generateEmbedding: true });
        }),
        getDatabaseIntegration: afresh(integration.getDatabaseIntegration),
        initializeDatabaseIntegration: afresh(integration.initializeDatabaseIntegration),
        initializeDatabaseSystem: afresh(integration.initializeDatabaseSystem),
        runMigration: opened(integration.runMigration),
        needsMigration: opened(integration.needsMigration),
        getMigrationStatus: opened(integration.getMigrationStatus),
      },
      calls: {
        'new DatabaseIntegration': [{ ...config, embeddingProvider: { provider: 'mock', dimensions: 3 } }],
        getDatabaseIntegration: [{ ...config, embeddingProvider: 'mock' }],
        initializeDatabaseIntegration: [{ ...config, embeddingProvider: 'mock' }],
        initializeDatabaseSystem: [{ ...config, walMode: true, busyTimeoutMs: 100 }],
        runMigration: [options],
        needsMigration: [options],
        getMigrationStatus: [options],
      },
      open: {
        'new DatabaseIntegration.0': CONFIGURATION,
        'getDatabaseIntegration.0': CONFIGURATION,
        'initializeDatabaseIntegration.0': CONFIGURATION,
        'initializeDatabaseSystem.0': CONFIGURATION,
      },
    };
  },
  withoutInput: ['resetDatabaseIntegration', 'resetDatabaseSystem'],
};

function facadeCalls() {
  const filter = { type: 'fact', scope: 'user', projectId: 'p', minImportance: 0.1, limit: 3 };
  return {
    isInitialized: [],
    initialize: [],
    addMemory: [
      'a memory',
      { type: 'fact', scope: 'user', importance: 0.5, metadata: { a: 1 }, generateEmbedding: true },
    ],
    searchMemories: ['a memory', { ...filter, semantic: true }],
    embedPending: [],
    getMemories: [{ ...filter, offset: 1 }],
    updateMemoryImportance: ['none', 0.5],
    deleteMemory: ['none'],
    createSession: [{ projectId: 'p', projectPath: '/p', name: 'n', model: 'grok-3' }],
    getSession: ['none'],
    addMessage: ['none', 'user', 'hello', { toolCalls: [{ a: 1 }], toolCallId: 'c', tokens: 3 }],
    getMessages: ['none', 3],
    updateSessionStats: ['none', { tokensIn: 1, tokensOut: 1, cost: 0.1, toolCalls: 1 }],
    getRecentSessions: [3],
    recordRepairAttempt: [
      'Cannot find name x',
      'compile',
      'import it',
      true,
      1,
      { language: 'ts', fixCode: 'import x' },
    ],
    getBestRepairStrategies: ['Cannot find name x', { errorType: 'compile', language: 'ts', limit: 3 }],
    recordToolUsage: ['grep', true, 10, false, 'p'],
    getCostSummary: [],
    getAnalyticsDashboard: [],
    getLearningStats: [],
    getCached: ['k'],
    setCached: ['k', { a: 1 }, 1_000],
    getOrComputeCached: ['computed', () => 1, 1_000],
    indexCodeChunk: [
      'p',
      'a.ts',
      0,
      'function a() {}',
      { symbolType: 'function', symbolName: 'a', startLine: 1, language: 'ts' },
    ],
    searchCode: ['a', 'p', { limit: 3, symbolType: 'function' }],
    reembed: [{ signal: new AbortController().signal, onProgress: () => undefined }],
    getStats: [],
    formatStats: [],
  };
}
