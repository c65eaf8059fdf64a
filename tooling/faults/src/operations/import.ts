import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { initializeDatabaseSystem, resetDatabaseSystem, runMigration } from '@codebuddy/db-integration';
import { writeLegacyInstall } from '@codebuddy/legacy-install';
import { findInconsistencies, list } from '../consistency.ts';
import { describeFaults, openFile } from './contents.ts';
import type { Operation } from './operation.ts';

const SIZE = { seed: 1, memories: 150, sessions: 6, cacheEntries: 5, days: 3 };
const placesIn = (folder: string) => ({ path: join(folder, 'agent.db'), home: join(folder, 'home') });

/** The contents of the installation, which is the same each time: it is made from a seed. */
let expected: ReturnType<typeof writeLegacyInstall> | undefined;

/** `runMigration` of the files of an earlier release, which are renamed when they are stored */
export const operation: Operation = {
  prepare: async (folder) => {
    expected = writeLegacyInstall(placesIn(folder).home, SIZE);
    using manager = await openFile(placesIn(folder).path);
    manager.close();
  },
  run: async (folder) => {
    const { path, home } = placesIn(folder);
    await initializeDatabaseSystem({ dbPath: path, autoMigrate: false });
    await runMigration({ home, deleteAfterMigration: true });
    resetDatabaseSystem();
  },
  // A file that still has its name is imported by the next run: what it holds need not be stored yet.
  look: (folder) =>
    describeFaults(async () => {
      const { path, home } = placesIn(folder);
      using manager = await openFile(path);
      const db = manager.getDatabase();
      const count = (table: string) => Number(list(db, `SELECT count(*) FROM ${table}`)[0]);
      const waiting = (name: string) => existsSync(join(home, name));
      const sessionFiles = readdirSync(join(home, 'sessions'));
      const done = sessionFiles.filter((name) => name.endsWith('.migrated')).length;
      const wrong = [
        ...(count('memories') === expected?.memories || waiting('memories.json') ? [] : ['memories are lost']),
        ...(count('sessions') >= done ? [] : ['sessions are lost']),
        ...(count('cache') === expected?.cache || waiting('cache/semantic-cache.json') ? [] : ['cache is lost']),
        ...findInconsistencies(db),
      ];
      if (wrong.length > 0) return wrong.join('; ');
      return sessionFiles.length === done && !waiting('cost-history.json') ? 'new' : 'old';
    }),
  leftovers: (names) => names.filter((name) => name !== 'agent.db' && !name.startsWith('home')),
};
