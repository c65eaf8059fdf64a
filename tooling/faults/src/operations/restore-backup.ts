import { join } from 'node:path';
import { restoreBackup } from '@codebuddy/db-core';
import { wordOf, writeDatabase, writeDatabaseAndLog } from './contents.ts';
import type { Operation } from './operation.ts';

const placesIn = (folder: string) => ({ path: join(folder, 'agent.db'), backup: join(folder, 'backup.db') });

/** `restoreBackup` in the place of a database that a process left open when it died */
export const operation: Operation = {
  isDurable: true,
  prepare: async (folder) => {
    await writeDatabaseAndLog(placesIn(folder).path, 'old');
    await writeDatabase(placesIn(folder).backup, 'new');
  },
  run: async (folder) => {
    restoreBackup(placesIn(folder).backup, placesIn(folder).path);
  },
  look: async (folder) => {
    const { path, backup } = placesIn(folder);
    const source = await wordOf(backup);
    return source === 'new' ? await wordOf(path) : `the backup: ${source}`;
  },
  leftovers: (names) =>
    names.filter((name) => !/^(agent|backup)\.db(\.replaced-[\dT-]+Z(-\d+)?(-wal|-shm)?)?$/.test(name)),
};
