import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AnalyticsRepository } from '@codebuddy/db-analytics';
import { CacheRepository } from '@codebuddy/db-cache';
import { ImportLedger } from '@codebuddy/db-core';
import { MemoryRepository } from '@codebuddy/db-memory';
import { SessionRepository } from '@codebuddy/db-sessions';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { type TemporaryDatabase, TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseMigration, type MigrationOptions, type MigrationResult } from '../src/index.ts';

describe('DatabaseMigration', () => {
  let database: TemporaryDatabase;
  let home: TemporaryFolder;
  let memories: MemoryRepository;
  let sessions: SessionRepository;
  let cache: CacheRepository;
  let analytics: AnalyticsRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    home = new TemporaryFolder();
    memories = new MemoryRepository(database.db);
    sessions = new SessionRepository(database.db);
    cache = new CacheRepository(database.db);
    analytics = new AnalyticsRepository(database.db);
  });
  afterEach(() => {
    database[Symbol.dispose]();
    home[Symbol.dispose]();
  });

  const migration = (options: MigrationOptions = {}) => {
    const ledger = new ImportLedger(database.db);
    return new DatabaseMigration({ memories, sessions, cache, analytics, ledger }, { home: home.path, ...options });
  };
  const migrate = (options?: MigrationOptions) => migration(options).migrate();
  const write = (path: string, value: unknown) => {
    mkdirSync(dirname(home.join(path)), { recursive: true });
    writeFileSync(home.join(path), typeof value === 'string' ? value : JSON.stringify(value));
  };
  const withoutDuration = ({ duration: _, files, ...result }: MigrationResult) => ({
    ...result,
    files: files.map(({ renamedTo: __, ...file }) => file),
  });

  it('imports an install whole, says so, and has nothing to do the second time', async () => {
    const expected = writeLegacyInstall(home.path, { memories: 450, sessions: 30 });
    expect(migration().needsMigration()).toBe(true);
    const first = await migrate();
    expect(first).toMatchObject({
      success: true,
      migratedItems: {
        memories: expected.memories,
        sessions: expected.sessions,
        cache: expected.cache,
        analytics: expected.analytics,
      },
      messages: expected.messages,
      errors: [],
      notMigrated: [],
    });
    expect(analytics.getTotalCost()).toBe(expected.cost);
    expect(cache.getStats()).toMatchObject({ totalEntries: expected.cache, byCategory: { migrated: expected.cache } });
    expect(memories.getStats().total).toBe(expected.memories);
    expect(sessions.getStats()).toMatchObject({ totalSessions: expected.sessions, totalMessages: expected.messages });
    expect(migration().needsMigration()).toBe(false);

    const dump = () =>
      database.db
        .prepare('SELECT * FROM memories, (SELECT sum(cost_nanos) FROM analytics), (SELECT sum(hits) FROM cache)')
        .all();
    const before = dump();
    expect(await migrate()).toMatchObject({
      success: true,
      migratedItems: { memories: 0, sessions: 0, cache: 0, analytics: 0 },
      messages: 0,
    });
    expect(dump()).toEqual(before);
    expect(sessions.getStats().totalMessages).toBe(expected.messages);
  });

  it('tells on a dry run exactly what a run would do, and stores nothing', async () => {
    writeLegacyInstall(home.path);
    writeBrokenEntries();
    const dry = await migrate({ dryRun: true });
    expect(database.manager.getDatabaseStats()).toMatchObject({ memoriesCount: 0, sessionsCount: 0 });
    expect(migration().needsMigration()).toBe(true);
    const real = await migrate();
    expect(withoutDuration(dry)).toEqual(withoutDuration(real));
    expect(withoutDuration(await migrate({ dryRun: true }))).toEqual(withoutDuration(await migrate()));
  });

  it('takes no word for a dry run but true', () => {
    const almost: object = { dryRun: 'true' };
    expect(() => new DatabaseMigration({}, almost)).toThrow(/Invalid dryRun/);
  });

  it('keeps times, counters and what has no column of its own', async () => {
    write('memories.json', {
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
    write('sessions/s.json', {
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
    await migrate();
    expect(memories.find()).toEqual([
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
    expect(sessions.getSessionWithMessages('s')).toMatchObject({
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

  it('reports each broken entry by file, position and reason, and imports all others', async () => {
    const expected = writeLegacyInstall(home.path, { memories: 20, sessions: 3 });
    writeBrokenEntries();
    const result = await migrate();
    expect(result.success).toBe(false);
    expect(result.errors.map((error) => error.slice(home.path.length + 1))).toEqual([
      'memories.json: entry 23: it is not an object',
      'memories.json: entry 24 "no-content": content is not a text',
      'memories.json: entry 25 "bad": importance is not a number from 0 to 1; createdAt is not an instant; tags is not a list of texts; metadata is not an object',
      'memories.json: entry 26 "nan": embedding is not a list of finite numbers',
      'sessions/cut-off.json: it is not JSON (position 15)',
      'sessions/empty.json: it is not JSON (it ends too early)',
      'sessions/list.json: it is not an object',
      'sessions/wrong-role.json: message 1: role is not one of user, assistant, system, tool',
      'cache/semantic-cache.json: entry 2: key is not a text',
      'cache/semantic-cache.json: entry 3 "no-value": hits is not a whole number of at least 0; value is missing',
      'cost-history.json: daily "not-a-date": it is not a day of the calendar',
      'cost-history.json: daily "2025-02-30": it is not a day of the calendar; its cost is not a number of at least 0',
      'cost-history.json: session 2: date is not a text',
    ]);
    expect(cache.keys()).toEqual(['good']);
    expect(analytics.getTotalCost()).toBe(4);
    expect(memories.getStats().total).toBe(expected.memories + 2);
    expect(memories.search('hostile').map(({ memory }) => memory.metadata)).toEqual([{ migratedFrom: 'json' }]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(memories.search('again').map(({ memory }) => memory.id)).toEqual([
      expect.stringMatching(/^memory-0-[0-9a-f]{12}$/),
    ]);
    expect(sessions.getMessages('wrong-role')).toMatchObject([
      { role: 'user', content: 'kept', operation_id: 'legacy:1' },
    ]);
    expect(sessions.getStats().totalSessions).toBe(expected.sessions + 1);
  });

  it('imports what is whole of a file that was cut off', async () => {
    const whole = JSON.stringify([1, 2, 3].map((i) => ({ content: `memory ${i}`, type: 'fact' })));
    write('memories.json', whole.slice(0, -10));
    const result = await migrate();
    expect(result.migratedItems.memories).toBe(2);
    expect(result.errors).toEqual([`${home.join('memories.json')}: entry 3: the file ends in the middle of the list`]);
  });

  it('adds what an old session has gained since', async () => {
    const session = { id: 's', messages: [{ role: 'user', content: 'a' }], createdAt: '2025-01-01T00:00:00.000Z' };
    write('sessions/s.json', session);
    await migrate();
    write('sessions/s.json', { ...session, messages: [...session.messages, { role: 'user', content: 'b' }] });
    expect(migration().needsMigration()).toBe(true);
    expect(await migrate()).toMatchObject({ messages: 1, migratedItems: { sessions: 0 } });
    expect(sessions.getMessages('s').map(({ content }) => content)).toEqual(['a', 'b']);
  });

  it('renames a file only when all of it is stored, and over no other file', async () => {
    writeLegacyInstall(home.path, { memories: 3, sessions: 2 });
    write('sessions/wrong-role.json', { id: 'w', messages: [{ role: 'robot' }] });
    writeFileSync(home.join('memories.json.migrated'), 'from an earlier import');
    const { files } = await migrate({ deleteAfterMigration: true });
    expect(files.map(({ renamedTo }) => renamedTo?.slice(home.path.length + 1))).toEqual([
      'memories.json.migrated.2',
      'sessions/session-0.json.migrated',
      'sessions/session-1.json.migrated',
      undefined,
      'cache/semantic-cache.json.migrated',
      'cost-history.json.migrated',
    ]);
    expect(readFileSync(home.join('memories.json.migrated'), 'utf8')).toBe('from an earlier import');
    expect(readdirSync(home.join('sessions')).sort()).toEqual([
      'session-0.json.migrated',
      'session-1.json.migrated',
      'wrong-role.json',
    ]);
    expect(existsSync(home.join('cost-history.json'))).toBe(false);
    expect(migration().needsMigration()).toBe(false);
  });

  it('renames nothing when the database lost what it was given', async () => {
    writeLegacyInstall(home.path, { memories: 5, sessions: 1 });
    const forgetful = {
      importMemories: (records: readonly unknown[]) => records.map(() => 'inserted' as const),
      locateMemories: (records: readonly unknown[]) => records.map(() => null),
    };
    const result = await new DatabaseMigration(
      { memories: forgetful },
      { home: home.path, deleteAfterMigration: true },
    ).migrate();
    expect(result.errors).toHaveLength(5);
    expect(result.errors[0]).toMatch(/entry 1 "memory-0": it is not stored as it was read$/);
    expect(existsSync(home.join('memories.json'))).toBe(true);
  });

  describe('never leaves its folder', () => {
    it('by a link, to a file or a folder, or by a pipe', async () => {
      using outside = new TemporaryFolder();
      writeLegacyInstall(outside.path, { memories: 2, sessions: 2 });
      mkdirSync(home.join('sessions'));
      symlinkSync(outside.join('memories.json'), home.join('memories.json'));
      symlinkSync(outside.join('sessions', 'session-0.json'), home.join('sessions', 'link.json'));
      execFileSync('mkfifo', [home.join('sessions', 'pipe.json')]);
      mkdirSync(home.join('sessions', 'folder.json'));
      const result = await migrate({ deleteAfterMigration: true });
      expect(result.errors.map((error) => error.slice(home.path.length + 1)).sort()).toEqual([
        'memories.json: it is a symbolic link, which is not followed',
        'sessions/folder.json: it is not a regular file',
        'sessions/link.json: it is a symbolic link, which is not followed',
        'sessions/pipe.json: it is not a regular file',
      ]);
      expect(database.manager.getDatabaseStats()).toMatchObject({ memoriesCount: 0, sessionsCount: 0 });

      renameSync(home.join('sessions'), home.join('away'));
      symlinkSync(outside.join('sessions'), home.join('sessions'));
      expect((await migrate()).errors).toContainEqual(expect.stringMatching(/session-0\.json: it lies outside/));
    });
  });

  it('refuses a session file that is too large to be read whole', async () => {
    write('sessions/s.json', { id: 's', messages: [{ role: 'user', content: 'x'.repeat(1_000) }] });
    const { errors } = await migrate({ maxFileBytes: 500 });
    expect(errors).toEqual([
      `${home.join('sessions/s.json')}: it is larger than 500 bytes; raise maxFileBytes to read it`,
    ]);
  });

  it('imports the memories of a project under the project', async () => {
    using project = new TemporaryFolder();
    mkdirSync(project.join('.codebuddy'));
    writeFileSync(
      project.join('.codebuddy', 'memories.json'),
      JSON.stringify([{ type: 'fact', content: 'of the project' }]),
    );
    await migrate({ projects: [project.path] });
    const name = project.path.slice(project.path.lastIndexOf('/') + 1);
    expect(memories.find({ scope: 'project', projectId: name }).map(({ content }) => content)).toEqual([
      'of the project',
    ]);
  });

  it('tells how far it has come', async () => {
    writeLegacyInstall(home.path, { memories: 450, sessions: 2 });
    const run = migration();
    const steps: string[] = [];
    run.on('progress', ({ phase, status, count }) => steps.push(`${phase} ${status} ${count ?? ''}`.trim()));
    run.on('advance', ({ phase, entries, bytes, totalBytes }) => {
      expect(bytes).toBeLessThanOrEqual(totalBytes);
      steps.push(`${phase} ${entries}`);
    });
    run.on('complete', ({ success }) => steps.push(`complete ${success}`));
    await run.migrate();
    expect(steps).toEqual([
      'memories starting',
      'memories 200',
      'memories 400',
      'memories 450',
      'memories complete 450',
      'sessions starting',
      'sessions 1',
      'sessions 2',
      'sessions complete 2',
      'cache starting',
      'cache 40',
      'cache complete 30',
      'analytics starting',
      'analytics 44',
      'analytics complete 44',
      'complete true',
    ]);
  });

  it('looks for the home folder when asked, and logs what it does where wanted', async () => {
    vi.stubEnv('HOME', home.path);
    mkdirSync(home.join('.codebuddy'));
    writeFileSync(home.join('.codebuddy', 'memories.json'), '[{"type":"fact","content":"at home"}]');
    const lines: string[] = [];
    const run = new DatabaseMigration({ memories }, { verbose: true, log: (line) => lines.push(line) });
    expect(run.getMigrationStatus()).toMatchObject({
      needsMigration: true,
      files: [{ exists: true, size: 37 }, { exists: false }, { exists: false }, { exists: false }],
    });
    await run.migrate();
    expect(lines).toEqual(['memories: starting', 'memories: 1 imported']);
  });

  it('leaves alone what has no target, and says so', async () => {
    writeLegacyInstall(home.path, { memories: 2, sessions: 1 });
    const result = await new DatabaseMigration({ memories }, { home: home.path, deleteAfterMigration: true }).migrate();
    expect(result.notMigrated.map((path) => path.slice(home.path.length + 1))).toEqual([
      'sessions/session-0.json',
      'cache/semantic-cache.json',
      'cost-history.json',
    ]);
    expect(result.success).toBe(true);
    expect(existsSync(home.join('cost-history.json'))).toBe(true);
  });

  it('splits the tokens of sessions, and counts a day that has grown by what it has grown', async () => {
    const twins = [1, 2].map(() => ({ cost: 0.5, tokens: 101, model: 'grok-3', date: '2025-01-02' }));
    write('cost-history.json', { daily: { '2025-01-01': 1 }, sessions: twins });
    await migrate();
    expect(analytics.getAnalytics()).toMatchObject([
      { date: '2025-01-02', model: 'grok-3', cost: 1, tokens_in: 142, tokens_out: 60, session_count: 2 },
      { date: '2025-01-01', cost: 1 },
    ]);
    write('cost-history.json', { daily: { '2025-01-01': 1.5, '2025-01-03': 1 }, sessions: twins });
    expect((await migrate()).migratedItems.analytics).toBe(1);
    expect(analytics.getTotalCost()).toBe(3.5);
  });

  it('keeps what a cache entry holds, and leaves out what has expired', async () => {
    write('cache/semantic-cache.json', {
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
    const { files } = await migrate();
    expect(files).toMatchObject([{ phase: 'cache', entries: 2, inserted: 1, expired: 1 }]);
    expect(cache.searchSimilar(new Float32Array([1, 2]))).toMatchObject([{ key: 'k', value: { a: 1 } }]);
    expect(cache.getEntry('k')).toMatchObject({ hits: 9, category: 'migrated', createdAt: '2025-01-01T00:00:00.000Z' });
  });

  it('finds nothing to do where there is nothing', async () => {
    expect(migration().getMigrationStatus()).toMatchObject({ needsMigration: false });
    expect(await migrate()).toMatchObject({ success: true, files: [], errors: [] });
  });

  function writeBrokenEntries(): void {
    const path = home.join('memories.json');
    const good: { content: string }[] = JSON.parse(readFileSync(path, 'utf8'));
    const hostile = '{"id":"proto","type":"fact","content":"hostile keys","metadata":{"__proto__":{"polluted":true}}}';
    const broken = [
      { ...good[0], content: 'said again, under the same id' },
      'HOSTILE',
      null,
      { id: 'no-content', type: 'fact' },
      { id: 'bad', content: 'x', importance: 7, createdAt: 'yesterday', tags: 'style', metadata: 'text' },
      { id: 'nan', content: 'x', embedding: [0.1, null] },
    ];
    writeFileSync(path, JSON.stringify([...good, ...broken]).replace('"HOSTILE"', hostile));
    write('sessions/cut-off.json', '{"id":"cut-off"');
    write('sessions/empty.json', '');
    write('sessions/list.json', []);
    write('sessions/notes.txt', 'not a session');
    write('cache/semantic-cache.json', [
      { key: 'good', value: null },
      { key: null, value: 1 },
      { key: 'no-value', hits: 'many' },
    ]);
    write('cost-history.json', {
      daily: { '2025-01-01': 3, 'not-a-date': 3, '2025-02-30': 'free' },
      sessions: [{ cost: 1, tokens: 10, model: 'm', date: '2025-01-01' }, { cost: 2 }],
    });
    write('sessions/wrong-role.json', {
      id: 'wrong-role',
      messages: [
        { role: 'robot', content: 'beep' },
        { role: 'user', content: 'kept' },
      ],
    });
  }
});
