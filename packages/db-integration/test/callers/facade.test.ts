// The facade and its services as Code-Buddy's own callers use them.
import { createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import {
  DatabaseIntegration,
  type DatabaseIntegrationConfig,
  getDatabaseIntegration,
  getMemoryRepository,
  getPersistentAnalytics,
  getPersistentLearning,
  initializeDatabaseIntegration,
  initializeDatabaseSystem,
  redactSecrets,
  resetDatabaseIntegration,
  resetDatabaseSystem,
  resetPersistentAnalytics,
  resetPersistentLearning,
} from '../../src/index.ts';

afterEach(() => {
  resetDatabaseSystem();
  resetDatabaseIntegration();
});

async function openFacade(config: DatabaseIntegrationConfig = {}) {
  const facade = new DatabaseIntegration({ inMemory: true, ...config });
  const warnings: string[] = [];
  facade.on('warning', ({ message }) => warnings.push(message));
  await facade.initialize();
  return { facade, warnings };
}

it('says whether it is initialized', async () => {
  const facade = new DatabaseIntegration({ inMemory: true });
  expect(facade.isInitialized()).toBe(false);
  await facade.initialize();
  expect(facade.isInitialized()).toBe(true);
  resetDatabaseSystem();
  expect(facade.isInitialized()).toBe(false);
  await initializeDatabaseSystem({ inMemory: true });
  expect(facade.isInitialized()).toBe(true);
});

it('hands out one analytics and one learning service, until they are reset', async () => {
  await initializeDatabaseSystem({ inMemory: true });
  const [analytics, learning] = [getPersistentAnalytics({ daily: 5 }), getPersistentLearning()];
  expect(getPersistentAnalytics()).toBe(analytics);
  expect(getPersistentLearning()).toBe(learning);
  expect(analytics.getBudgetStatus().daily?.limit).toBe(5);
  resetPersistentAnalytics();
  resetPersistentLearning();
  expect(getPersistentAnalytics()).not.toBe(analytics);
  expect(getPersistentLearning()).not.toBe(learning);
  expect(getPersistentAnalytics().getBudgetStatus()).toEqual({});
});

it('takes limits for the analytics service that it has made itself', async () => {
  const { facade } = await openFacade();
  facade.getCostSummary();
  expect(() => getPersistentAnalytics({ daily: 1 }).reserve(100)).toThrow(
    expect.objectContaining({ code: 'DB_BUDGET_EXCEEDED' }),
  );
});

it('is another one for another configuration, which an open database refuses unless it is its own', async () => {
  const first = await initializeDatabaseIntegration({ inMemory: true });
  expect(await initializeDatabaseIntegration({ inMemory: true })).toBe(first);
  const redacting = { inMemory: true, redact: redactSecrets };
  await expect(initializeDatabaseIntegration(redacting)).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
  expect(getDatabaseIntegration()).toBe(first);
  resetDatabaseSystem();
  const second = await initializeDatabaseIntegration(redacting);
  expect(second).not.toBe(first);
  expect((await second.addMemory(`token ghp_${'A'.repeat(36)}`)).content).toBe('token [redacted: GitHub token]');
});

it('makes a vector of each memory without being asked, and none if it is told not to', async () => {
  const { facade } = await openFacade({ embeddingProvider: 'mock' });
  const memory = await facade.addMemory('the cat sat', { type: 'fact' });
  expect(memory).toMatchObject({ embedding_model: 'mock:384', embedding: expect.any(Float32Array) });
  expect(getMemoryRepository().getById(memory.id)?.embedding).toEqual(memory.embedding);
  const plain = await facade.addMemory('the dog ran', { generateEmbedding: false });
  expect(plain).not.toHaveProperty('embedding');
  expect(await facade.embedPending()).toBe(0);
});

it('says of each memory by which way it was found', async () => {
  const { facade } = await openFacade({ embeddingProvider: 'mock' });
  await facade.addMemory('the cat sat');
  expect(await facade.searchMemories('cat')).toMatchObject([{ foundBy: 'keyword' }]);
  const [best] = await facade.searchMemories('the cat sat', { semantic: true });
  expect(best).toMatchObject({ foundBy: 'vector', similarity: expect.closeTo(1, 3) });
});

it('uses words where no provider was named: nothing is downloaded or sent, and no vector is pending', async () => {
  const { facade, warnings } = await openFacade();
  const memory = await facade.addMemory('The retry helper uses full jitter');
  expect(memory.embedding_model).toBe('lexical:subword-hash-1');
  expect(await facade.searchMemories('retryHelper', { semantic: true })).toMatchObject([{ foundBy: 'vector' }]);
  expect(await facade.embedPending()).toBe(0);
  expect(warnings).toEqual([]);
});

it('stores a memory before the model is asked, and makes its vector once the model is back', async () => {
  let isBack = false;
  let storedWhenAsked = -1;
  const server = createServer((request, response) => {
    storedWhenAsked = getMemoryRepository().find().length;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (!isBack) response.statusCode = 503;
      const { input } = Object(JSON.parse(Buffer.concat(parts).toString()));
      const texts = Array.isArray(input) ? input : [];
      response.end(JSON.stringify({ data: texts.map((_, index) => ({ index, embedding: [index, 1] })) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const embeddingProvider = {
    provider: 'openai-compatible',
    apiEndpoint: `http://127.0.0.1:${port}/v1`,
    modelName: 'm',
    maxRetries: 0,
  } as const;
  const { facade, warnings } = await openFacade({ embeddingProvider });
  const memory = await facade.addMemory('kept at once');
  expect(storedWhenAsked).toBe(1);
  expect(memory).not.toHaveProperty('embedding');
  expect(warnings).toEqual([expect.stringContaining('its vector is made later')]);
  expect(await facade.searchMemories('kept', { semantic: true })).toMatchObject([{ foundBy: 'keyword' }]);
  expect(warnings.at(-1)).toContain('searched by their words');
  isBack = true;
  expect(await facade.embedPending()).toBe(1);
  expect(await facade.searchMemories('kept', { semantic: true })).toMatchObject([{ foundBy: 'vector' }]);
  server.close();
});

it('counts the cost that it is told, whatever the price of the model', async () => {
  const { facade, warnings } = await openFacade();
  const { id } = facade.createSession({ model: 'nobody-knows-it' });
  expect(facade.updateSessionStats(id, { tokensIn: 1, cost: 0.5 })).toBe(true);
  expect(facade.getCostSummary()).toEqual({ session: 0.5, daily: 0.5, weekly: 0.5, monthly: 0.5 });
  expect(facade.getLearningStats()).toMatchObject({ tools: 0, conventions: 0 });
  expect(warnings).toEqual([]);
});
