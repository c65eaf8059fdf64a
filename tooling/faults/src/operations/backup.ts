import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, wordOf, writeDatabase } from './contents.ts';
import type { Operation } from './operation.ts';

const placesIn = (folder: string) => ({ path: join(folder, 'agent.db'), copy: join(folder, 'backup.db') });

/** `DatabaseManager.backup` */
export const operation: Operation = {
  isDurable: true,
  prepare: (folder) => writeDatabase(placesIn(folder).path, 'kept'),
  run: async (folder) => {
    using manager = await openFile(placesIn(folder).path);
    // A backup that is there already must be whole: `look` checks it.
    if (!existsSync(placesIn(folder).copy)) await manager.backup(placesIn(folder).copy);
  },
  look: async (folder) => {
    const { path, copy } = placesIn(folder);
    const [source, backup] = [await wordOf(path), await wordOf(copy)];
    if (source !== 'kept') return `the database: ${source}`;
    return { absent: 'old', kept: 'new' }[backup] ?? `the backup: ${backup}`;
  },
  leftovers: (names) => names.filter((name) => !/^(agent|backup)\.db$/.test(name)),
};
