import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findInconsistencies, list } from '../consistency.ts';
import { writeOlderFile } from '../older-release.ts';
import { describeFaults, openFile } from './contents.ts';
import type { Operation } from './operation.ts';

const MESSAGES = 2_000;
const pathIn = (folder: string) => join(folder, 'agent.db');

/** Opening a file of an earlier release, which brings it up to date */
export const operation: Operation = {
  prepare: async (folder) => writeOlderFile(pathIn(folder), MESSAGES),
  run: async (folder) => {
    using manager = await openFile(pathIn(folder));
    manager.close();
  },
  look: (folder) =>
    describeFaults(async () => {
      if (!existsSync(pathIn(folder))) return 'it is gone';
      using manager = await openFile(pathIn(folder));
      const db = manager.getDatabase();
      const rows = [
        ...list(db, 'SELECT count(*) FROM messages'),
        ...list(db, 'SELECT message_count FROM sessions'),
        ...list(db, 'SELECT content FROM memories'),
      ];
      const faults = findInconsistencies(db);
      if (faults.length > 0) return faults.join('; ');
      return `${rows}` === `${[MESSAGES, MESSAGES, 'kept']}` ? 'new' : `${rows}`;
    }),
  // One copy of the old file stays.
  leftovers: (names) => {
    const isCopy = (name: string) => /^agent\.db\.v2\.[\dT-]+Z\.bak$/.test(name);
    return [...names.filter(isCopy).slice(1), ...names.filter((name) => name !== 'agent.db' && !isCopy(name))];
  },
};
