import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quarantine } from '@codebuddy/db-core';
import { wordOf, writeDatabaseAndLog } from './contents.ts';
import type { Operation } from './operation.ts';

const pathIn = (folder: string) => join(folder, 'agent.db');

/** `quarantine` of a database half of which is in its log */
export const operation: Operation = {
  prepare: (folder) => writeDatabaseAndLog(pathIn(folder), 'kept'),
  run: async (folder) => {
    if (existsSync(pathIn(folder))) quarantine(pathIn(folder));
  },
  look: async (folder) => {
    if (existsSync(pathIn(folder))) {
      const word = await wordOf(pathIn(folder));
      return word === 'kept' ? 'old' : `the database: ${word}`;
    }
    const aside = readdirSync(folder).filter((name) => /^agent\.db\.damaged-[\dT-]+Z$/.test(name));
    const [name] = aside;
    if (name === undefined) return 'it is gone';
    const word = await wordOf(join(folder, name));
    return word === 'kept' ? 'new' : `what was set aside: ${word}`;
  },
  leftovers: (names) => names.filter((name) => !/^agent\.db\.damaged-[\dT-]+Z(-wal|-shm)?$/.test(name)),
};
