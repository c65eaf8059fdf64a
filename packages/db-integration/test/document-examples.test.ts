// The examples of the mission's source document, as written there, for the parts that exist so far.
import { mkdirSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import {
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
  it('useDatabaseIntegration: memories and sessions', async () => {
    using folder = new TemporaryFolder();
    const dbIntegration = await initializeDatabaseIntegration({
      dbPath: folder.join('my-codebuddy.db'),
      autoMigrate: false,
    });
    const memory = await dbIntegration.addMemory('How to write a good commit message', { type: 'instruction' });
    expect(memory).toMatchObject({ type: 'instruction', scope: 'user', importance: 0.5 });
    const [found] = await dbIntegration.searchMemories('commit message', { limit: 3 });
    expect(found?.memory.id).toBe(memory.id);

    const session = dbIntegration.createSession({ name: 'Refactoring session' });
    dbIntegration.addMessage(session.id, 'user', 'Refactor this code...');
    expect(dbIntegration.getMessages(session.id)).toMatchObject([{ role: 'user', content: 'Refactor this code...' }]);
    dbIntegration.updateSessionStats(session.id, { tokensIn: 5, cost: 0.5 });
    expect(dbIntegration.getSession(session.id)).toMatchObject({ total_cost: 0.5, message_count: 1 });
    expect(dbIntegration.getRecentSessions(5)).toHaveLength(1);
    expect(dbIntegration.formatStats()).toContain('Memories: 1');
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
