// The examples of the source document, as written there, for the parts that exist so far.
import { mkdirSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import {
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
  resetDatabaseSystem,
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
