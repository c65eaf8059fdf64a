import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  getDatabaseIntegration,
  getDatabaseManager,
  getMemoryRepository,
  getMigrationStatus,
  getSessionRepository,
  initializeDatabaseSystem,
  needsMigration,
  resetDatabaseSystem,
} from '../src/index.ts';

afterEach(() => resetDatabaseSystem());

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const good = '{"id":"good","content":"good"}';

/** A file, what is wrong with it, and its content. */
const HOSTILE: readonly (readonly [path: string, kind: string, content: string | Uint8Array])[] = [
  ...[1_500, 5_000, 100_000].flatMap((levels) => [
    [
      'memories.json',
      `nested ${levels} levels deep`,
      `[{"content":"x","metadata":{"a":${deep(levels)}}},${good}]`,
    ] as const,
    ['cache/semantic-cache.json', `nested ${levels} levels deep`, `[{"key":"k","value":${deep(levels)}}]`] as const,
    ['sessions/x.json', `nested ${levels} levels deep`, deep(levels)] as const,
    ['cost-history.json', `nested ${levels} levels deep`, deep(levels)] as const,
  ]),
  ['memories.json', 'of odd types', '[1,"a",null,[],{"content":{}},{"content":"x","importance":"high"}]'],
  ['memories.json', 'of huge numbers', '[{"content":"x","accessCount":1e999},{"content":"y","createdAt":1e300}]'],
  ['memories.json', 'not UTF-8', Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d)],
  ['memories.json', 'empty', ''],
  ['memories.json', 'a folder', 'folder'],
  ['memory/memory-index.json', 'cut off', '{"memories":[{"content":"x"},{"cont'],
  ['sessions/x.json', 'a folder', 'folder'],
  ['sessions/x.json', 'of odd types', '{"id":7,"messages":{"role":"user"}}'],
  ['sessions/x.json', 'of hostile keys', '{"__proto__":{"messages":[]},"constructor":1}'],
  ['sessions/x.json', 'half a character', Uint8Array.of(0x22, 0xd8, 0x00, 0x22)],
  ['cache/semantic-cache.json', 'of another shape', '{"buckets":[]}'],
  ['cost-history.json', 'of odd types', '{"daily":[],"sessions":"none"}'],
  ['cost-history.json', 'of huge numbers', '[{"timestamp":1e300,"cost":1e308}]'],
];

describe('legacy files at home', () => {
  let home: TemporaryFolder;
  beforeEach(() => {
    home = new TemporaryFolder();
    vi.stubEnv('HOME', home.path);
    vi.stubEnv('CODEBUDDY_DB_PATH', home.join('codebuddy.db'));
    mkdirSync(home.join('.codebuddy'));
  });
  afterEach(() => home[Symbol.dispose]());

  it('are imported once, when the system opens the database', async () => {
    const expected = writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    await initializeDatabaseSystem();
    expect(getMemoryRepository().getStats().total).toBe(expected.memories);
    resetDatabaseSystem();
    await initializeDatabaseSystem();
    expect(needsMigration()).toBe(false);
    expect(getSessionRepository().getStats().totalMessages).toBe(expected.messages);
  });

  it('are announced by the events of the facade', async () => {
    writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    const events: string[] = [];
    const integration = getDatabaseIntegration({ autoMigrate: true });
    integration.on('migration:starting', ({ files }) => events.push(`starting ${files.length}`));
    integration.on('migration:complete', ({ migratedItems }) => events.push(`complete ${migratedItems.memories}`));
    integration.on('initialized', () => events.push('initialized'));
    await integration.initialize();
    expect(events).toEqual(['starting 4', 'complete 10', 'initialized']);
  });

  it('are found while no database is open, and none is opened', async () => {
    expect(needsMigration()).toBe(false);
    writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    expect(getMigrationStatus()).toMatchObject({ needsMigration: true });
    expect(needsMigration()).toBe(true);
    expect(getDatabaseManager().isInitialized()).toBe(false);
    expect(existsSync(home.join('codebuddy.db'))).toBe(false);
    // No path is decided by a look.
    await initializeDatabaseSystem({ dbPath: home.join('other.db') });
    expect(needsMigration()).toBe(false);
    expect(existsSync(home.join('codebuddy.db'))).toBe(false);
  });

  it.each(HOSTILE)('keep no system from starting if %s is %s', async (path, _, content) => {
    const expected = writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    const file = home.join('.codebuddy', path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    if (content === 'folder') mkdirSync(file);
    else writeFileSync(file, content);
    const problems: string[] = [];
    const integration = getDatabaseIntegration({ autoMigrate: true });
    integration.on('migration:complete', ({ errors }) => problems.push(...errors));
    await integration.initialize();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((problem) => problem.startsWith(file))).toBe(true);
    expect(getMemoryRepository().getStats().total).toBeGreaterThanOrEqual(
      path === 'memories.json' ? 0 : expected.memories,
    );
    expect(getSessionRepository().getStats().totalMessages).toBe(expected.messages);
    resetDatabaseSystem();
    // The second start finds the file as it was, and starts as well.
    await initializeDatabaseSystem();
    expect(getSessionRepository().getStats().totalMessages).toBe(expected.messages);
  });

  it('are not imported into a database in memory unless asked', async () => {
    writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    await initializeDatabaseSystem({ inMemory: true });
    expect(getMemoryRepository().getStats().total).toBe(0);
    resetDatabaseSystem();
    await initializeDatabaseSystem({ inMemory: true, autoMigrate: true });
    expect(getMemoryRepository().getStats().total).toBe(10);
  });
});
