import { mkdirSync } from 'node:fs';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { TemporaryFolder } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  getDatabaseIntegration,
  getMemoryRepository,
  getSessionRepository,
  initializeDatabaseSystem,
  needsMigration,
  resetDatabaseSystem,
} from '../src/index.ts';

afterEach(() => resetDatabaseSystem());

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

  it('are not imported into a database in memory unless asked', async () => {
    writeLegacyInstall(home.join('.codebuddy'), { memories: 10, sessions: 3 });
    await initializeDatabaseSystem({ inMemory: true });
    expect(getMemoryRepository().getStats().total).toBe(0);
    resetDatabaseSystem();
    await initializeDatabaseSystem({ inMemory: true, autoMigrate: true });
    expect(getMemoryRepository().getStats().total).toBe(10);
  });
});
