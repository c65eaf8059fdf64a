// Options, filters, records and configurations as callers write them.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Analytics,
  type DatabaseConfig,
  DatabaseIntegration,
  type DatabaseIntegrationConfig,
  EmbeddingProvider,
  type EmbeddingProviderConfig,
  getAnalyticsRepository,
  getCacheRepository,
  getCheckpointRepository,
  getDatabaseManager,
  getEmbeddingRepository,
  getMemoryRepository,
  getSessionRepository,
  initializeDatabaseSystem,
  type NewMemory,
  NO_PROJECT,
  resetDatabaseSystem,
  type SessionFilter,
} from '../../src/index.ts';

const VECTOR = Float32Array.of(1, 0);
const NULLS = { project_id: null, metadata: null };

beforeEach(() => initializeDatabaseSystem({ inMemory: true }));
afterEach(resetDatabaseSystem);

describe('records', () => {
  it('take null in every optional field for absent', () => {
    const memory = { ...NULLS, id: null, scope: null, embedding: null, embedding_model: null, embedding_owed: null };
    const stored = getMemoryRepository().create({
      ...memory,
      type: 'fact',
      content: 'x',
      importance: null,
      expires_at: null,
    });
    expect(Object.keys(stored).sort()).toEqual(
      ['access_count', 'content', 'created_at', 'id', 'importance', 'last_accessed', 'scope', 'type'].sort(),
    );
    const sessions = getSessionRepository();
    const session = { ...NULLS, id: null, project_path: null, name: null, model: null, parent_session_id: null };
    const { id } = sessions.createSession(session);
    expect(sessions.getSessionById(id)).not.toHaveProperty('metadata');
    const message = { content: null, tool_calls: null, tool_call_id: null, tokens: null, metadata: null };
    expect(sessions.addMessage({ session_id: id, role: 'user', ...message, operation_id: null }).tokens).toBe(0);
    expect(sessions.updateSessionStats(id, { tokensIn: null, tokensOut: 2, cost: null, toolCalls: null })).toBe(true);
    const chunk = { chunk_hash: null, embedding_model: null, symbol_type: null, symbol_name: null };
    const place = {
      project_id: 'p',
      file_path: 'a.ts',
      chunk_index: 0,
      start_line: null,
      end_line: null,
      language: null,
    };
    expect(getEmbeddingRepository().upsert({ ...place, ...chunk, chunk_text: 't', embedding: VECTOR }).id).toBe(1);
    getAnalyticsRepository().recordAnalytics({ date: '2026-01-01', project_id: null, model: null, cost: null });
    getAnalyticsRepository().recordToolUsage('grep', true, 1, null, null);
    getCacheRepository().set('k', 1, { ttlMs: null, category: null, embedding: null, tags: null });
    expect(getCacheRepository().get('k')).toBe(1);
    getCheckpointRepository().create({ project_id: 'p', description: null, metadata: null, files: [] });
  });

  it('can be given back as a whole, with what the database had set itself', () => {
    const memories = getMemoryRepository();
    const memory = memories.create({ type: 'fact', content: 'first', importance: 0.9 });
    const copy = memories.create({ ...memory, id: 'copy', content: 'second' });
    expect({ ...copy, id: memory.id, content: memory.content }).toEqual({
      ...memory,
      created_at: copy.created_at,
      last_accessed: copy.last_accessed,
    });
    expect(memories.update('copy', { ...copy, importance: 0.1 })).toBe(true);
    const sessions = getSessionRepository();
    const session = sessions.createSession({ name: 'n' });
    sessions.addMessage({ session_id: session.id, role: 'user', content: 'hello', tokens: 3 });
    const again = sessions.createSession({ ...session, id: 'again' });
    const [message] = sessions.getMessages(session.id);
    if (message === undefined) throw new Error('There is no message');
    expect(sessions.addMessage({ ...message, session_id: again.id }).tokens).toBe(3);
    const analytics = getAnalyticsRepository();
    analytics.recordAnalytics({ date: '2026-01-01', cost: 1 });
    const [day] = analytics.getAnalytics();
    if (day === undefined) throw new Error('There is no day');
    const whole: Analytics = day;
    analytics.recordAnalytics(whole);
    expect(analytics.getTotalCost()).toBe(2);
  });

  it('refuse a field that nothing stores, and name the one that was meant', () => {
    const mistaken = { projectId: 'p' };
    const memory: NewMemory = { type: 'fact', content: 'x', ...mistaken };
    expect(() => getMemoryRepository().create(memory)).toThrow(
      'Invalid memory: it has an unknown name: use project_id.',
    );
    expect(getMemoryRepository().find()).toEqual([]);
  });
});

describe('filters', () => {
  it('refuse what they do not know in place of returning everything', () => {
    getSessionRepository().createSession({ id: 's', project_id: 'p' });
    const filter: SessionFilter = Object({ project_id: 'q' });
    expect(() => getSessionRepository().findSessions(filter)).toThrow('use projectId');
  });

  it('take null and undefined for no condition, in rows, words and vectors alike', () => {
    const memories = getMemoryRepository();
    memories.create({ type: 'fact', content: 'of a project', project_id: 'p', embedding: VECTOR });
    memories.create({ type: 'fact', content: 'of no project', embedding: VECTOR });
    for (const none of [null, undefined]) {
      const filter = { projectId: none, type: none, scope: none, minImportance: none, includeSuperseded: none };
      expect(memories.find({ ...filter, limit: none, offset: none })).toHaveLength(2);
      expect(memories.search('project', { ...filter, highlight: none, match: none })).toHaveLength(2);
      expect(memories.searchSimilar(VECTOR, { ...filter, embeddingModel: none, mode: none })).toHaveLength(2);
      expect(memories.searchHybrid('project', VECTOR, { ...filter, limit: none, diversity: none })).toHaveLength(2);
    }
    getSessionRepository().createSession({ project_id: 'p' });
    expect(
      getSessionRepository().findSessions({
        projectId: null,
        isArchived: null,
        model: null,
        orderBy: null,
        order: null,
      }),
    ).toHaveLength(1);
  });

  it('find by NO_PROJECT the rows that belong to none, in rows, words and vectors alike', () => {
    const memories = getMemoryRepository();
    memories.create({ type: 'fact', content: 'of a project', project_id: 'p', embedding: VECTOR });
    const general = memories.create({ type: 'fact', content: 'of no project', embedding: VECTOR });
    const filter = { projectId: NO_PROJECT };
    expect(memories.find(filter).map(({ id }) => id)).toEqual([general.id]);
    expect(memories.search('project', filter).map(({ memory }) => memory.id)).toEqual([general.id]);
    expect(memories.searchSimilar(VECTOR, filter).map(({ memory }) => memory.id)).toEqual([general.id]);
    expect(memories.searchHybrid('project', VECTOR, filter).map(({ item }) => item.id)).toEqual([general.id]);
    const sessions = getSessionRepository();
    sessions.createSession({ id: 'a', project_id: 'p' });
    sessions.createSession({ id: 'b' });
    for (const session_id of ['a', 'b']) sessions.addMessage({ session_id, role: 'user', content: 'hello' });
    expect(sessions.findSessions(filter).map(({ id }) => id)).toEqual(['b']);
    expect(sessions.searchMessages('hello', filter).map(({ session }) => session.id)).toEqual(['b']);
    getAnalyticsRepository().recordAnalytics({ date: '2026-01-01', project_id: 'p', cost: 1 });
    getAnalyticsRepository().recordAnalytics({ date: '2026-01-01', cost: 2 });
    expect(getAnalyticsRepository().getTotalCost(filter)).toBe(2);
  });
});

describe('configurations', () => {
  const app: DatabaseConfig = Object({ inMemory: true, theme: 'dark', busyTimoutMs: 5, apiKey: 'sk-secret' });

  it('may hold what other parts of a program use: the manager warns once', async () => {
    resetDatabaseSystem();
    const warnings: string[] = [];
    const manager = getDatabaseManager(app);
    manager.on('warning', ({ message }) => warnings.push(message));
    await manager.initialize();
    manager.close();
    await manager.initialize();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^3 names of the configuration are not used here\. Did you mean busyTimeoutMs\?/);
    expect(warnings[0]).not.toMatch(/theme|apiKey|secret/);
  });

  it('know what the facade and its database know, whichever of both is given them', async () => {
    resetDatabaseSystem();
    const warnings: string[] = [];
    const config: DatabaseIntegrationConfig = { inMemory: true, walMode: true, embeddingProvider: 'mock' };
    const getting = getDatabaseManager({ inMemory: true });
    getting.on('warning', ({ message }) => warnings.push(message));
    const quiet = new DatabaseIntegration(config);
    quiet.on('warning', ({ message }) => warnings.push(message));
    await quiet.initialize();
    await initializeDatabaseSystem(config);
    expect(warnings).toEqual([]);
    const loud = new DatabaseIntegration(app);
    loud.on('warning', ({ message }) => warnings.push(message));
    await loud.initialize();
    expect(warnings).toHaveLength(1);
  });

  it('warn once for an embedding provider too', async () => {
    const warnings: string[] = [];
    const config: EmbeddingProviderConfig = Object({ provider: 'mock', dimension: 3 });
    const provider = new EmbeddingProvider(config);
    provider.on('warning', ({ message }) => warnings.push(message));
    await provider.embed('x');
    await provider.embed('y');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('Did you mean dimensions?');
  });
});

it('a fork from a message of another session is refused, and makes none', () => {
  const sessions = getSessionRepository();
  for (const id of ['a', 'b']) sessions.createSession({ id });
  const own = sessions.addMessage({ session_id: 'a', role: 'user', content: 'one' });
  const foreign = sessions.addMessage({ session_id: 'b', role: 'user', content: 'two' });
  for (const fromMessageId of [foreign.id, 0, -1, 1_000]) {
    expect(() => sessions.forkSession('a', { fromMessageId })).toThrow(
      expect.objectContaining({ code: 'DB_NOT_FOUND' }),
    );
  }
  expect(sessions.findSessions()).toHaveLength(2);
  expect(sessions.forkSession('a', { fromMessageId: own.id }).message_count).toBe(1);
});
