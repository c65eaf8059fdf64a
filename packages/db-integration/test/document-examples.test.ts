// The examples of the mission's source document, as written there, for the parts that exist so far.
import { mkdirSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import {
  EmbeddingFailedError,
  getAnalyticsRepository,
  getDatabaseIntegration,
  getDatabaseManager,
  getMemoryRepository,
  getMigrationStatus,
  getSessionRepository,
  initializeDatabase,
  initializeDatabaseIntegration,
  initializeDatabaseSystem,
  needsMigration,
  resetDatabaseIntegration,
  resetDatabaseSystem,
  resetEmbeddingProvider,
  runMigration,
} from '../src/index.ts';

afterEach(() => resetDatabaseSystem());

describe('3.1 DatabaseManager', () => {
  it('setupDatabase', async () => {
    const dbManager = await initializeDatabase({ inMemory: true });
    expect(dbManager.isInitialized()).toBe(true);
    const stats = dbManager.getDatabaseStats();
    expect(stats.memoriesCount).toBe(0);
    expect(dbManager.formatStats()).toContain('Database Statistics');
    const db = dbManager.getDatabase();
    db.exec('CREATE TABLE IF NOT EXISTS test (id INTEGER PRIMARY KEY)');
    dbManager.close();
    expect(dbManager.isInitialized()).toBe(false);
  });
});

describe('3.3 DatabaseMigration', () => {
  let home: TemporaryFolder;
  beforeEach(() => {
    home = new TemporaryFolder();
    vi.stubEnv('HOME', home.path);
    vi.stubEnv('CODEBUDDY_DB_PATH', home.join('codebuddy.db'));
    mkdirSync(home.join('.codebuddy'));
  });
  afterEach(() => home[Symbol.dispose]());

  it('performMigrationIfNeeded', async () => {
    const expected = writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    await initializeDatabase();
    expect(needsMigration()).toBe(true);
    const status = getMigrationStatus();
    expect(status.files.filter((f) => f.exists).map((f) => f.path)).toContain(home.join('.codebuddy', 'memories.json'));
    const migrationResult = await runMigration({ verbose: true, deleteAfterMigration: true, log: () => undefined });
    expect(migrationResult.success).toBe(true);
    expect(migrationResult.migratedItems).toMatchObject({ memories: expected.memories, sessions: expected.sessions });
    expect(needsMigration()).toBe(false);
  });

  it('the system imports on opening, once', async () => {
    const expected = writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    await initializeDatabaseSystem();
    expect(getMemoryRepository().getStats().total).toBe(expected.memories);
    resetDatabaseSystem();
    await initializeDatabaseSystem();
    expect(needsMigration()).toBe(false);
    expect(getSessionRepository().getStats().totalMessages).toBe(expected.messages);
  });

  it('the facade tells what it imports', async () => {
    writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    const events: string[] = [];
    const integration = getDatabaseIntegration({ autoMigrate: true });
    integration.on('migration:starting', ({ files }) => events.push(`starting ${files.length}`));
    integration.on('migration:complete', ({ migratedItems }) => events.push(`complete ${migratedItems.memories}`));
    integration.on('initialized', () => events.push('initialized'));
    await integration.initialize();
    expect(events).toEqual(['starting 4', 'complete 10', 'initialized']);
  });

  it('a database in memory imports nothing unless asked', async () => {
    writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    await initializeDatabaseSystem({ inMemory: true });
    expect(getMemoryRepository().getStats().total).toBe(0);
    resetDatabaseSystem();
    await initializeDatabaseSystem({ inMemory: true, autoMigrate: true });
    expect(getMemoryRepository().getStats().total).toBe(10);
  });
});

describe('3.5 DatabaseIntegration', () => {
  it('useDatabaseIntegration', async () => {
    using folder = new TemporaryFolder();
    const dbIntegration = await initializeDatabaseIntegration({
      dbPath: folder.join('my-codebuddy.db'),
      autoMigrate: false,
      embeddingProvider: 'local',
    });
    // Memory operations
    const memory = await dbIntegration.addMemory('How to write a good commit message', {
      type: 'instruction',
      generateEmbedding: true,
    });
    expect(memory).toMatchObject({ type: 'instruction', scope: 'user', importance: 0.5 });
    await dbIntegration.addMemory('The parser reads tokens from a stream', { generateEmbedding: true });
    const searchResults = await dbIntegration.searchMemories('commit best practices', { semantic: true, limit: 3 });
    expect(searchResults[0]?.memory.id).toBe(memory.id);
    expect(searchResults[0]?.similarity).toBeGreaterThan(0);
    // Session operations
    const session = dbIntegration.createSession({ name: 'Refactoring session' });
    dbIntegration.addMessage(session.id, 'user', 'Refactor this code...');
    expect(dbIntegration.getMessages(session.id)).toMatchObject([{ role: 'user', content: 'Refactor this code...' }]);
    expect(dbIntegration.getSession(session.id)).toMatchObject({ name: 'Refactoring session', message_count: 1 });
    expect(dbIntegration.getRecentSessions(5)).toHaveLength(1);
    // Cache operations
    const compute = async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { data: 'computed result' };
    };
    const cachedValue = await dbIntegration.getOrComputeCached('my_expensive_computation', compute, 60000);
    expect(cachedValue).toEqual({ data: 'computed result' });
    expect(dbIntegration.getCached('my_expensive_computation')).toEqual(cachedValue);
    // Code embedding operations
    await dbIntegration.indexCodeChunk('my-project-id', 'src/main.ts', 0, 'function foo() { ... }', {
      symbolType: 'function',
      symbolName: 'foo',
    });
    expect(await dbIntegration.searchCode('foo function', 'my-project-id', { limit: 1 })).toMatchObject([
      { filePath: 'src/main.ts', chunkText: 'function foo() { ... }' },
    ]);
    expect(await dbIntegration.searchCode('foo', 'my-project-id', { symbolType: 'class' })).toEqual([]);
    expect(dbIntegration.formatStats()).toContain('Memories: 2');
    resetDatabaseSystem();
  });

  it('stores a memory when the model is out of reach, owes its vector, and makes it later', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    let isUp = false;
    const provider = async (texts: string[]) => {
      if (!isUp) throw new EmbeddingFailedError('The model is out of reach.', { retryable: true });
      return texts.map((text) => [text.length, 1]);
    };
    const integration = getDatabaseIntegration({ embeddingProvider: { provider } });
    const warnings: string[] = [];
    integration.on('warning', ({ message }) => warnings.push(message));
    const first = await integration.addMemory('stored all the same', { generateEmbedding: true });
    expect(first).not.toHaveProperty('embedding');
    expect(await integration.searchMemories('stored', { semantic: true })).toMatchObject([
      { memory: { id: first.id } },
    ]);
    expect(warnings).toEqual([
      'The model is out of reach. The memory was stored; its vector is made later.',
      'The model is out of reach. Memories were searched by their words.',
    ]);
    expect(await integration.embedPending()).toBe(0);
    await expect(integration.indexCodeChunk('p', 'a.ts', 0, 'x')).rejects.toMatchObject({
      code: 'DB_EMBEDDING_FAILED',
    });
    isUp = true;
    await integration.addMemory('another', { generateEmbedding: true });
    expect(await integration.embedPending()).toBe(0);
    const found = await integration.searchMemories('stored all the same', { semantic: true });
    expect(found).toMatchObject([{ memory: { id: first.id }, similarity: expect.closeTo(1) }, {}]);
  });

  it('names the fix when the model has changed, and applies it', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    const before = getDatabaseIntegration({ embeddingProvider: { provider: 'mock', dimensions: 4 } });
    await before.addMemory('first', { generateEmbedding: true });
    await before.indexCodeChunk('p', 'a.ts', 0, 'code');
    resetDatabaseIntegration();
    resetEmbeddingProvider();
    const integration = getDatabaseIntegration({ embeddingProvider: 'lexical' });
    const warnings: string[] = [];
    integration.on('warning', ({ message }) => warnings.push(message));
    expect(await integration.searchMemories('first', { semantic: true })).toHaveLength(1);
    expect(warnings).toEqual([expect.stringMatching(/by mock:4\. .*reembed\(\).*by their words/)]);
    await expect(integration.searchCode('code', 'p')).rejects.toMatchObject({ code: 'DB_EMBEDDING_MISMATCH' });
    expect(await integration.reembed()).toBe(2);
    expect(await integration.searchMemories('first', { semantic: true })).toMatchObject([
      { similarity: expect.closeTo(1) },
    ]);
    expect(await integration.searchCode('code', 'p')).toHaveLength(1);
  });

  it('records what a session uses in the session and in the analytics, or in neither', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    const integration = getDatabaseIntegration();
    expect(integration.getCostSummary()).toEqual({ session: 0, daily: 0, weekly: 0, monthly: 0 });
    const session = integration.createSession({ model: 'grok-3', projectId: 'p' });
    expect(integration.updateSessionStats(session.id, { tokensIn: 100, tokensOut: 10, cost: 0.25, toolCalls: 2 })).toBe(
      true,
    );
    expect(integration.updateSessionStats(session.id, { cost: 0.5 })).toBe(true);
    expect(integration.updateSessionStats('absent', { cost: 9 })).toBe(false);
    expect(() => integration.updateSessionStats(session.id, { cost: -1 })).toThrow(/Invalid cost/);
    expect(integration.getSession(session.id)).toMatchObject({
      total_cost: 0.75,
      total_tokens_in: 100,
      tool_calls_count: 2,
    });
    expect(integration.getCostSummary()).toMatchObject({ session: 0.75, daily: 0.75, monthly: 0.75 });
    expect(getAnalyticsRepository().getAnalytics({ model: 'grok-3' })).toMatchObject([
      { project_id: 'p', cost: 0.75, tokens_in: 100, tool_calls: 2, requests: 0 },
    ]);
    expect(integration.getAnalyticsDashboard()).toContain('$0.75');
  });

  it('learns repairs and tools', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    const integration = getDatabaseIntegration();
    const details = { language: 'typescript', fixCode: "import { x } from './x'" };
    integration.recordRepairAttempt(
      "a.ts(1,1): error TS2304: Cannot find name 'x'.",
      'compile',
      'add the import',
      true,
      1,
      details,
    );
    const strategies = integration.getBestRepairStrategies("b.ts(9,9): error TS2304: Cannot find name 'y'.", {
      errorType: 'compile',
    });
    expect(strategies).toEqual([{ strategy: 'add the import', successRate: 1 }]);
    integration.recordToolUsage('code_fixer', true, 1500, false, 'my-project-id');
    expect(integration.getLearningStats()).toMatchObject({ tools: 1, repairs: { totalPatterns: 1 } });
  });

  it('caches values, and follows the manager when it is closed and opened again', async () => {
    using folder = new TemporaryFolder();
    await initializeDatabaseSystem({ dbPath: folder.join('x.db'), autoMigrate: false });
    const integration = getDatabaseIntegration();
    integration.setCached('k', { a: 1 });
    integration.setCached('gone', 1, 0);
    getDatabaseManager().close();
    expect(() => integration.getCached('k')).toThrow(/^Database not initialized/);
    await getDatabaseManager().initialize();
    expect([integration.getCached('k'), integration.getCached('gone')]).toEqual([{ a: 1 }, null]);
    resetDatabaseSystem();
  });

  it('changes and deletes memories, and counts everything', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    const integration = getDatabaseIntegration();
    const expiresAt = new Date('2099-01-01T00:00:00Z');
    const { id } = await integration.addMemory('a', {
      importance: 0,
      scope: 'project',
      projectId: 'p',
      expiresAt,
      metadata: { b: 1 },
    });
    expect(integration.getMemories({ projectId: 'p' })).toMatchObject([
      { importance: 0, expires_at: expiresAt.toISOString() },
    ]);
    expect(integration.updateMemoryImportance(id, 1)).toBe(true);
    expect(integration.getStats()).toMatchObject({
      database: { memoriesCount: 1 },
      memory: { total: 1, avgImportance: 1 },
      session: { totalSessions: 0 },
      embedding: { totalEmbeddings: 0 },
      cache: { totalEntries: 0 },
    });
    expect(integration.deleteMemory(id)).toBe(true);
    expect(integration.getMemories()).toEqual([]);
  });
});

describe('4.1 and 4.2 The system and its repositories', () => {
  it('startApp', async () => {
    using folder = new TemporaryFolder();
    vi.stubEnv('CODEBUDDY_DB_PATH', folder.join('codebuddy.db'));
    await initializeDatabaseSystem({
      dbPath: process.env['CODEBUDDY_DB_PATH'] || undefined,
      inMemory: process.env['NODE_ENV'] === 'test',
      verbose: process.env['DEBUG_DB'] === 'true',
    });
    const memoryRepo = getMemoryRepository();
    const sessionRepo = getSessionRepository();
    expect(memoryRepo.find({ type: 'fact' })).toEqual([]);
    expect(sessionRepo.getRecentSessions(5)).toEqual([]);
    resetDatabaseSystem();
    expect(() => getDatabaseManager().getDatabase()).toThrow(/^Database not initialized/);
  });
});

describe('4.3 Using DatabaseIntegration', () => {
  it('performComplexOperation', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    const dbIntegration = getDatabaseIntegration();
    await dbIntegration.addMemory('Async functions: handle errors with try and catch', { generateEmbedding: true });
    const query = 'how to handle errors in async functions';
    const searchResults = await dbIntegration.searchMemories(query, { semantic: true, limit: 5 });
    expect(searchResults).toHaveLength(1);
    await dbIntegration.recordToolUsage('code_fixer', true, 1500, false, 'my-project-id');
    expect(getAnalyticsRepository().getToolStats('my-project-id')).toMatchObject([
      { tool_name: 'code_fixer', total_time_ms: 1500 },
    ]);
  });
});

describe('4.4 Database tests', () => {
  beforeEach(async () => {
    await initializeDatabaseSystem({ inMemory: true });
  });

  afterEach(() => {
    resetDatabaseSystem();
  });

  test('should add and retrieve a memory', async () => {
    const dbIntegration = getDatabaseIntegration();
    const memory = await dbIntegration.addMemory('Test content', { type: 'fact' });
    expect(memory.content).toBe('Test content');
  });
});
