import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { salvageDatabase } from '@codebuddy/db-core';
import { wordOf, writeDatabaseAndLog } from './contents.ts';
import type { Operation } from './operation.ts';

const placesIn = (folder: string) => ({ damaged: join(folder, 'damaged.db'), path: join(folder, 'agent.db') });

/** `salvageDatabase` */
export const operation: Operation = {
  isDurable: true,
  prepare: (folder) => writeDatabaseAndLog(placesIn(folder).damaged, 'kept'),
  run: async (folder) => {
    const { damaged, path } = placesIn(folder);
    // A file that is there already must be whole: `look` checks it.
    if (!existsSync(path)) salvageDatabase(damaged, path);
  },
  look: async (folder) => {
    const { damaged, path } = placesIn(folder);
    if (!existsSync(damaged)) return 'the damaged file is gone';
    const salvaged = await wordOf(path);
    return { absent: 'old', kept: 'new' }[salvaged] ?? `what was salvaged: ${salvaged}`;
  },
  leftovers: (names) => names.filter((name) => !/^(agent\.db|damaged\.db(-wal|-shm)?)$/.test(name)),
};
