import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseMigration, findLegacyFiles } from '../src/index.ts';
import { LegacyHome } from './support/legacy-home.ts';

describe('legacy files in the shapes that lie on disks', () => {
  let legacy: LegacyHome;
  beforeEach(async () => {
    legacy = await LegacyHome.open();
  });
  afterEach(() => legacy[Symbol.dispose]());

  it('sessions whose messages have types are imported with their roles, times and tools', async () => {
    const at = (minute: number) => `2026-01-02T03:0${minute}:05.000Z`;
    legacy.write('sessions/s1.json', {
      id: 's1',
      name: 'n',
      workingDirectory: '/home/dev/shop',
      model: 'grok-3',
      messages: [
        { type: 'user', content: 'hello', timestamp: at(1) },
        { type: 'reasoning', content: 'they greet me', timestamp: at(2) },
        { type: 'tool_call', content: 'ls', timestamp: at(3), toolCallName: 'bash' },
        { type: 'tool_result', content: 'a.ts', timestamp: at(4), toolCallName: 'bash', toolCallSuccess: false },
        { type: 'assistant', content: 'hi', timestamp: at(5) },
        { type: 'plan_update', content: 'step 2', timestamp: at(6) },
      ],
      createdAt: at(0),
      lastAccessedAt: '2026-01-02T04:04:05.000Z',
    });
    expect(await legacy.migrate({ deleteAfterMigration: true })).toMatchObject({ success: true, messages: 6 });
    expect(legacy.sessions.getSessionWithMessages('s1')).toMatchObject({
      project_path: '/home/dev/shop',
      created_at: at(0),
      updated_at: '2026-01-02T04:04:05.000Z',
      message_count: 6,
      tool_calls_count: 1,
      messages: [
        { role: 'user', content: 'hello', created_at: at(1) },
        { role: 'assistant', content: 'they greet me', metadata: { originalType: 'reasoning' } },
        { role: 'assistant', content: 'ls', metadata: { originalType: 'tool_call', toolCallName: 'bash' } },
        {
          role: 'tool',
          content: 'a.ts',
          metadata: { originalType: 'tool_result', toolCallName: 'bash', toolCallSuccess: false },
        },
        { role: 'assistant', content: 'hi', created_at: at(5) },
        { role: 'system', content: 'step 2', metadata: { originalType: 'plan_update' } },
      ],
    });
    expect(legacy.sessions.getMessages('s1')[0]).not.toHaveProperty('metadata');
    expect(existsSync(legacy.home.join('sessions/s1.json.migrated'))).toBe(true);
  });

  it('costs may be a list of requests, each of which counts once', async () => {
    const request = {
      id: 'r1',
      inputTokens: 1_000,
      outputTokens: 500,
      model: 'grok-4',
      timestamp: '2026-01-02T23:59:59.000Z',
      cost: 0.0125,
    };
    const { id: _, ...nameless } = request;
    legacy.write('cost-history.json', [request, request, { ...request, id: 'r2' }, nameless, nameless]);
    expect(await legacy.migrate()).toMatchObject({ success: true, migratedItems: { analytics: 4 } });
    legacy.write('cost-history.json', [request, { ...request, id: 'r3', timestamp: Date.UTC(2026, 0, 3) }]);
    await legacy.migrate();
    expect(legacy.analytics.getAnalytics()).toMatchObject([
      { date: '2026-01-03', cost: 0.0125 },
      { date: '2026-01-02', model: 'grok-4', cost: 0.05, tokens_in: 4_000, tokens_out: 2_000, session_count: 0 },
    ]);
  });

  it('the costs of sessions may have instants for dates: they count for the day in UTC', async () => {
    legacy.write('cost-history.json', {
      sessions: [
        { cost: 1, tokens: 10, model: 'm', date: '2026-01-02T03:04:05.000Z' },
        { cost: 2, tokens: 10, model: 'm', date: '2026-01-02T23:30:00-05:00' },
        { cost: 4, tokens: 10, model: 'm', date: '2026-01-02' },
      ],
    });
    expect(await legacy.migrate()).toMatchObject({ success: true });
    expect(legacy.analytics.getAnalytics()).toMatchObject([
      { date: '2026-01-03', cost: 2 },
      { date: '2026-01-02', cost: 5 },
    ]);
  });

  it('memories may lie in a folder of the user, and of a project', async () => {
    using project = new TemporaryFolder();
    legacy.write('memory/memory-index.json', { memories: [{ id: 'a', type: 'fact', content: 'of the user' }] });
    const entry = JSON.stringify([{ id: 'b', type: 'fact', content: 'of the project' }]);
    mkdirSync(project.join('.codebuddy/memory'), { recursive: true });
    writeFileSync(project.join('.codebuddy/memory/memory-index.json'), entry);
    const { files } = await legacy.migrate({ projects: [project.path], deleteAfterMigration: true });
    expect(
      files.map(({ inserted, renamedTo }) => [inserted, renamedTo?.endsWith('memory-index.json.migrated')]),
    ).toEqual([
      [1, true],
      [1, true],
    ]);
    expect(legacy.memories.find().map(({ scope, content }) => [scope, content])).toEqual([
      ['project', 'of the project'],
      ['user', 'of the user'],
    ]);
  });

  it.each<[string, string, unknown]>([
    ['a session without messages', 'sessions/s.json', { id: 's', turns: [{ who: 'me', said: 'x' }] }],
    ['a session whose messages are none', 'sessions/s.json', { id: 's', messages: [{ who: 'me' }, 'x'] }],
    ['an index of another program', 'memory/graph.json', { nodes: [{ id: 'n' }], edges: [] }],
    ['a list of other things', 'memories.json', [{ key: 'k', value: 1 }]],
    ['costs by month', 'cost-history.json', { monthly: { '2026-01': 3 } }],
    ['a cache of another kind', 'cache/semantic-cache.json', { version: 2, buckets: {} }],
    ['no JSON', 'sessions/s.json', 'id: s'],
  ])('%s is reported, left alone, and looked at again', async (_, path, content) => {
    legacy.write(path, content);
    legacy.write('sessions/good.json', { id: 'good', messages: [{ role: 'user', content: 'kept' }] });
    const result = await legacy.migrate({ deleteAfterMigration: true });
    expect(result).toMatchObject({ success: false, notMigrated: [legacy.home.join(path)] });
    expect(result.errors.length).toBeGreaterThan(0);
    expect(existsSync(legacy.home.join(path))).toBe(true);
    expect(legacy.sessions.findSessions().map(({ id }) => id)).toEqual(['good']);
    expect(legacy.migration().needsMigration()).toBe(true);
    expect(await legacy.migrate({ skipUnchanged: true })).toMatchObject({ notMigrated: [legacy.home.join(path)] });
  });

  it('files that were imported as they are can be left out', async () => {
    legacy.write('memories.json', [{ content: 'a' }]);
    legacy.write('sessions/s.json', { id: 's', messages: [{ role: 'user', content: 'a' }] });
    await legacy.migrate();
    legacy.write('sessions/t.json', { id: 't', messages: [{ role: 'user', content: 'b' }] });
    const { files } = await legacy.migrate({ skipUnchanged: true });
    expect(files.map(({ path, inserted }) => [path, inserted])).toEqual([[legacy.home.join('sessions/t.json'), 1]]);
  });

  it.each(['CODEBUDDY_HOME', 'GROK_HOME'])('are looked for where %s says', async (name) => {
    vi.stubEnv('CODEBUDDY_HOME', '');
    vi.stubEnv('CODEBUDDY_DB_PATH', '/elsewhere/agent.db');
    vi.stubEnv(name, legacy.home.path);
    legacy.write('memories.json', [{ content: 'moved' }]);
    expect(findLegacyFiles()).toMatchObject({ needsMigration: true });
    const { memories } = legacy;
    expect(await new DatabaseMigration({ memories }).migrate()).toMatchObject({ migratedItems: { memories: 1 } });
  });
});
