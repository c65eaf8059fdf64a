import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LegacyHome } from './support/legacy-home.ts';

describe('imported records', () => {
  let legacy: LegacyHome;
  beforeEach(async () => {
    legacy = await LegacyHome.open();
  });
  afterEach(() => legacy[Symbol.dispose]());

  it('keeps times, counters and what has no column of its own', async () => {
    legacy.write('memories.json', {
      memories: [
        {
          id: 'm',
          type: 'insight',
          content: 'uses zstd',
          summary: 'zstd',
          embedding: [0.5, -1],
          importance: 0,
          accessCount: 3,
          createdAt: '2025-01-02T03:04:05.678Z',
          updatedAt: '2025-01-03T00:00:00.000Z',
          lastAccessedAt: '2025-01-04 00:00:00',
          expiresAt: '2099-01-01T00:00:00.000Z',
          tags: ['infra'],
          metadata: { turn: 4 },
          projectId: 'shop',
          sessionId: 's1',
        },
      ],
    });
    legacy.write('sessions/s.json', {
      id: 's',
      projectId: 'shop',
      projectPath: '/home/dev/shop',
      name: 'Fix it',
      model: 'grok-3',
      messages: [
        { role: 'user', content: 'please' },
        { role: 'assistant', content: null, toolCalls: [{ id: 'c' }], createdAt: '2025-02-01T00:30:00.000Z' },
        { role: 'tool', content: 'done', toolCallId: 'c' },
      ],
      createdAt: '2025-02-01T00:00:00.000Z',
      updatedAt: '2025-02-01T01:00:00.000Z',
      totalCost: 0.75,
      totalTokensIn: 10,
      totalTokensOut: 5,
    });
    await legacy.migrate();
    expect(legacy.memories.find()).toEqual([
      {
        id: 'm',
        type: 'fact',
        scope: 'user',
        project_id: 'shop',
        content: 'uses zstd',
        embedding: new Float32Array([0.5, -1]),
        embedding_model: 'unknown',
        importance: 0,
        access_count: 3,
        created_at: '2025-01-02T03:04:05.678Z',
        last_accessed: '2025-01-04T00:00:00.000Z',
        expires_at: '2099-01-01T00:00:00.000Z',
        metadata: {
          turn: 4,
          tags: ['infra'],
          summary: 'zstd',
          sessionId: 's1',
          updatedAt: '2025-01-03T00:00:00.000Z',
          originalType: 'insight',
          migratedFrom: 'json',
        },
      },
    ]);
    expect(legacy.sessions.getSessionWithMessages('s')).toMatchObject({
      project_id: 'shop',
      model: 'grok-3',
      created_at: '2025-02-01T00:00:00.000Z',
      updated_at: '2025-02-01T01:00:00.000Z',
      total_cost: 0.75,
      total_tokens_in: 10,
      total_tokens_out: 5,
      message_count: 3,
      tool_calls_count: 1,
      messages: [
        { role: 'user', content: 'please', created_at: '2025-02-01T00:00:00.000Z' },
        { role: 'assistant', tool_calls: [{ id: 'c' }], created_at: '2025-02-01T00:30:00.000Z' },
        { role: 'tool', content: 'done', tool_call_id: 'c' },
      ],
    });
  });

  it('adds what an old session has gained since', async () => {
    const session = { id: 's', messages: [{ role: 'user', content: 'a' }], createdAt: '2025-01-01T00:00:00.000Z' };
    legacy.write('sessions/s.json', session);
    await legacy.migrate();
    legacy.write('sessions/s.json', { ...session, messages: [...session.messages, { role: 'user', content: 'b' }] });
    expect(legacy.migration().needsMigration()).toBe(true);
    expect(await legacy.migrate()).toMatchObject({ messages: 1, migratedItems: { sessions: 0 } });
    expect(legacy.sessions.getMessages('s').map(({ content }) => content)).toEqual(['a', 'b']);
  });

  it('splits the tokens of sessions, and counts a day that has grown by what it has grown', async () => {
    const twins = [1, 2].map(() => ({ cost: 0.5, tokens: 101, model: 'grok-3', date: '2025-01-02' }));
    legacy.write('cost-history.json', { daily: { '2025-01-01': 1 }, sessions: twins });
    await legacy.migrate();
    expect(legacy.analytics.getAnalytics()).toMatchObject([
      { date: '2025-01-02', model: 'grok-3', cost: 1, tokens_in: 142, tokens_out: 60, session_count: 2 },
      { date: '2025-01-01', cost: 1 },
    ]);
    legacy.write('cost-history.json', { daily: { '2025-01-01': 1.5, '2025-01-03': 1 }, sessions: twins });
    expect((await legacy.migrate()).migratedItems.analytics).toBe(1);
    expect(legacy.analytics.getTotalCost()).toBe(3.5);
  });

  it('keeps what a cache entry holds, and leaves out what has expired', async () => {
    legacy.write('cache/semantic-cache.json', {
      entries: [
        {
          key: 'k',
          value: { a: 1 },
          embedding: [1, 2],
          createdAt: '2025-01-01T00:00:00.000Z',
          expiresAt: '2099-01-01T00:00:00.000Z',
          hits: 9,
        },
        { key: 'gone', value: 1, expiresAt: '2025-01-01T00:00:00.000Z' },
      ],
    });
    const { files } = await legacy.migrate();
    expect(files).toMatchObject([{ phase: 'cache', entries: 2, inserted: 1, expired: 1 }]);
    expect(legacy.cache.searchSimilar(new Float32Array([1, 2]))).toMatchObject([{ key: 'k', value: { a: 1 } }]);
    expect(legacy.cache.getEntry('k')).toMatchObject({
      hits: 9,
      category: 'migrated',
      createdAt: '2025-01-01T00:00:00.000Z',
    });
  });
});
