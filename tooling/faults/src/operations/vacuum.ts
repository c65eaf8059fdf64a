import { join } from 'node:path';
import { openFile, wordOf, writeDatabase } from './contents.ts';
import type { Operation } from './operation.ts';

const pathIn = (folder: string) => join(folder, 'agent.db');

/** `DatabaseManager.vacuum` */
export const operation: Operation = {
  prepare: async (folder) => {
    await writeDatabase(pathIn(folder), 'gone');
    using manager = await openFile(pathIn(folder));
    manager.clearAll();
    manager.close();
    await writeDatabase(pathIn(folder), 'kept');
  },
  run: async (folder) => {
    using manager = await openFile(pathIn(folder));
    manager.vacuum();
  },
  look: async (folder) => {
    const word = await wordOf(pathIn(folder));
    return word === 'kept' ? 'new' : `the database: ${word}`;
  },
  leftovers: (names) => names.filter((name) => name !== 'agent.db'),
};
