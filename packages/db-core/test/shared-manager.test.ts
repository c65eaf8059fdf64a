import { existsSync, mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  DatabaseManager,
  getDatabaseManager,
  initializeDatabase,
  NotInitializedError,
  resetDatabaseManager,
} from '../src/index.ts';
import { shareRepository } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

describe('the shared manager', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder();
    vi.stubEnv('CODEBUDDY_DB_PATH', folder.join('default.db'));
  });
  afterEach(() => {
    resetDatabaseManager();
    vi.unstubAllEnvs();
    folder[Symbol.dispose]();
  });

  it('is one for the process, until it is reset', async () => {
    const manager = await initializeDatabase({ inMemory: true });
    expect(getDatabaseManager()).toBe(manager);
    resetDatabaseManager();
    expect(manager.isInitialized()).toBe(false);
    expect(getDatabaseManager()).not.toBe(manager);
  });

  it('is followed by shared repositories when it is closed and opened again', async () => {
    const shared = shareRepository((db) => ({ db }));
    expect(() => shared.get()).toThrow(NotInitializedError);
    const manager = await initializeDatabase({ inMemory: true });
    const first = shared.get();
    expect(shared.get()).toBe(first);
    manager.close();
    await manager.initialize();
    expect(shared.get()).not.toBe(first);
    expect(shared.get().db.open).toBe(true);
  });

  it('gathers no listeners from repositories that are made and forgotten', async () => {
    const manager = await initializeDatabase({ inMemory: true });
    const shared = shareRepository((db) => ({ db }));
    for (let time = 0; time < 20; time++) {
      shared.get();
      shared.reset();
    }
    expect(manager.listenerCount('db:closing')).toBe(0);
  });

  it('opens nothing and decides nothing when it is only asked', async () => {
    const asked = getDatabaseManager();
    expect(asked.isInitialized()).toBe(false);
    const manager = await initializeDatabase({ dbPath: folder.join('given.db') });
    expect(manager).toBe(asked);
    expect(manager.getDatabase().name).toBe(folder.join('given.db'));
    expect(existsSync(folder.join('default.db'))).toBe(false);
  });

  it('takes the first configuration that is given, and says that a second is not taken', async () => {
    const warnings: string[] = [];
    getDatabaseManager({ dbPath: folder.join('first.db') }).on('warning', ({ message }) => warnings.push(message));
    const manager = await initializeDatabase({ dbPath: folder.join('second.db') });
    expect(manager.getDatabase().name).toBe(folder.join('first.db'));
    expect(warnings).toHaveLength(1);
    expect(existsSync(folder.join('second.db'))).toBe(false);
  });

  it('takes another path after one that could not be opened', async () => {
    mkdirSync(folder.join('a-folder'));
    await expect(initializeDatabase({ dbPath: folder.join('a-folder') })).rejects.toMatchObject({
      code: 'DB_CANNOT_OPEN',
    });
    const manager = await initializeDatabase({ dbPath: folder.join('good.db') });
    expect(manager.getDatabase().name).toBe(folder.join('good.db'));
  });

  it('takes another path after it was closed', async () => {
    (await initializeDatabase({ dbPath: folder.join('a.db') })).close();
    const manager = await initializeDatabase({ dbPath: folder.join('b.db') });
    expect(manager.getDatabase().name).toBe(folder.join('b.db'));
  });

  it.each([
    ['dbPath', { dbPath: 'b.db' }],
    ['dbPath', { dbPath: 'b.db', walMode: true }],
    ['inMemory', { inMemory: true }],
    ['walMode', { walMode: false }],
    ['durability', { durability: 'power' as const }],
    ['busyTimeoutMs', { busyTimeoutMs: 1 }],
    ['redact', { redact: () => '' }],
  ])('refuses another %s while it is open, and stays as it is', async (field, config) => {
    const manager = await initializeDatabase({ dbPath: folder.join('a.db') });
    const error = expect.objectContaining({ code: 'DB_INVALID_INPUT', field });
    expect(() => getDatabaseManager(config)).toThrow(error);
    await expect(initializeDatabase(config)).rejects.toEqual(error);
    expect(manager.getDatabase().name).toBe(folder.join('a.db'));
  });

  it.each([{}, { walMode: true }, { inMemory: false, busyTimeoutMs: 5_000 }])(
    'takes %j while it is open, which asks for nothing else',
    async (config) => {
      const manager = await initializeDatabase({ dbPath: folder.join('a.db') });
      expect(await initializeDatabase(config)).toBe(manager);
      expect(await initializeDatabase({ ...config, dbPath: folder.join('.', 'a.db') })).toBe(manager);
    },
  );

  it('refuses another path while it is being opened', async () => {
    const opening = initializeDatabase({ dbPath: folder.join('a.db') });
    await expect(initializeDatabase({ dbPath: folder.join('b.db') })).rejects.toMatchObject({ field: 'dbPath' });
    expect((await opening).getDatabase().name).toBe(folder.join('a.db'));
  });

  it('is forgotten although a listener keeps it from closing quietly', async () => {
    const manager = await initializeDatabase({ inMemory: true });
    manager.on('db:closing', () => {
      throw new Error('not yet');
    });
    expect(() => resetDatabaseManager()).toThrow('not yet');
    expect([manager.isInitialized(), getDatabaseManager() === manager]).toEqual([false, false]);
  });

  it('refuses a configuration that makes no sense at once', () => {
    expect(() => new DatabaseManager({ dbPath: '' })).toThrow(/dbPath/);
    expect(() => getDatabaseManager({ busyTimeoutMs: -1 })).toThrow(/busyTimeoutMs/);
  });
});
