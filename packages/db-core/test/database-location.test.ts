import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseManager } from '../src/index.ts';
import { dataFolder } from '../src/internal.ts';
import { TemporaryFolder } from '../src/testing/index.ts';

describe('the place of a database', () => {
  let home: TemporaryFolder;
  beforeEach(() => {
    home = new TemporaryFolder();
    for (const name of ['CODEBUDDY_DB_PATH', 'CODEBUDDY_HOME', 'GROK_HOME']) vi.stubEnv(name, '');
    vi.stubEnv('HOME', home.path);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    home[Symbol.dispose]();
  });

  const openedPath = async (dbPath?: string) => {
    using manager = new DatabaseManager({ dbPath });
    await manager.initialize();
    return manager.getDatabase().name;
  };

  it('is the first of dbPath, CODEBUDDY_DB_PATH, CODEBUDDY_HOME, GROK_HOME and the home folder that is given', async () => {
    expect(await openedPath()).toBe(home.join('.codebuddy', 'codebuddy.db'));
    vi.stubEnv('GROK_HOME', home.join('grok'));
    expect(await openedPath()).toBe(home.join('grok', 'codebuddy.db'));
    vi.stubEnv('CODEBUDDY_HOME', home.join('buddy'));
    expect(await openedPath()).toBe(home.join('buddy', 'codebuddy.db'));
    vi.stubEnv('CODEBUDDY_DB_PATH', home.join('named.db'));
    expect(await openedPath()).toBe(home.join('named.db'));
    expect(await openedPath(home.join('given.db'))).toBe(home.join('given.db'));
  });

  it('is moved by CODEBUDDY_DB_PATH alone: other data stay in the folder of CODEBUDDY_HOME', () => {
    vi.stubEnv('CODEBUDDY_DB_PATH', home.join('elsewhere', 'named.db'));
    vi.stubEnv('CODEBUDDY_HOME', '~/buddy');
    expect(dataFolder()).toBe(home.join('buddy'));
  });

  it('is looked up when the database is opened, not when its manager is made', async () => {
    using manager = new DatabaseManager();
    vi.stubEnv('CODEBUDDY_HOME', home.join('later'));
    await manager.initialize();
    expect(manager.getDatabase().name).toBe(home.join('later', 'codebuddy.db'));
  });

  it.each(['~/a.db', '~/deep/a.db'])('is below the home folder for %s', async (dbPath) => {
    expect(await openedPath(dbPath)).toBe(join(home.path, dbPath.slice(2)));
    vi.stubEnv('CODEBUDDY_DB_PATH', dbPath);
    expect(await openedPath()).toBe(join(home.path, dbPath.slice(2)));
  });

  it('leaves a tilde that begins a longer name as it is', async () => {
    const dbPath = home.join('~a.db');
    expect(await openedPath(dbPath)).toBe(dbPath);
  });

  it('is memory for :memory:, given or from the environment, and no file of that name', async () => {
    vi.stubEnv('CODEBUDDY_DB_PATH', ':memory:');
    for (const dbPath of [undefined, ':memory:']) {
      using manager = new DatabaseManager({ dbPath });
      await manager.initialize();
      expect(manager.getDatabase().memory).toBe(true);
    }
    expect(existsSync(':memory:')).toBe(false);
    expect(readdirSync(home.path)).toEqual([]);
  });

  it.each(['file:a.db', 'FILE:///tmp/a.db?mode=ro'])('is refused as %s, before anything is made', (dbPath) => {
    expect(() => new DatabaseManager({ dbPath })).toThrow(
      expect.objectContaining({ code: 'DB_INVALID_INPUT', field: 'dbPath' }),
    );
    expect(existsSync(dbPath)).toBe(false);
  });
});
