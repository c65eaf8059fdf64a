import { statSync } from 'node:fs';
import { hasSystemCode, toDatabaseError } from '../errors/index.ts';

/** The same for every name of a file, whatever link leads there; `undefined` if there is none, as for a database in memory. */
export function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined;
    throw toDatabaseError(error, 'database.open');
  }
}
