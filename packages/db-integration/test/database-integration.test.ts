import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, describe, expect, it } from 'vitest';
import {
  EmbeddingFailedError,
  getAnalyticsRepository,
  getDatabaseIntegration,
  getDatabaseManager,
  initializeDatabaseSystem,
  resetDatabaseIntegration,
  resetDatabaseSystem,
  resetEmbeddingProvider,
} from '../src/index.ts';

afterEach(() => resetDatabaseSystem());

describe('DatabaseIntegration', () => {
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

  it('tells users apart who share a file, whichever way they search', async () => {
    await initializeDatabaseSystem({ inMemory: true });
    const integration = getDatabaseIntegration({ embeddingProvider: 'lexical' });
    const ids = new Map<string, string>();
    for (const userId of ['ada', 'eva']) {
      const said = { userId, generateEmbedding: true, metadata: { userId } };
      ids.set(userId, (await integration.addMemory('answers in French', said)).id);
    }
    for (const [userId, id] of ids) {
      const found = [{ memory: { id, user_id: userId, metadata: { userId } } }];
      expect(await integration.searchMemories('French', { userId })).toMatchObject(found);
      expect(await integration.searchMemories('answers in French', { userId, semantic: true })).toMatchObject(found);
      expect(integration.getMemories({ userId })).toMatchObject([{ id }]);
    }
    expect(integration.getMemories()).toHaveLength(2);
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
    expect(() => integration.getCached('k')).toThrow(/^Database closed/);
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
