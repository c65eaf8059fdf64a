import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONTENT_FILES } from '../connection/database-file.ts';
import type { BackupProgress, Database } from '../connection/driver.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { hasSystemCode, InvalidInputError, toDatabaseError } from '../errors/index.ts';

/** SQLite copies this many pages in one step of a backup, and the event loop turns between the steps. */
const PAGES_PER_STEP = 1_000;

/**
 * Copies a database while others may use it (https://www.sqlite.org/backup.html) to a file that only its owner may
 * read. It is written beside the destination
 * and put there when it is whole.
 *
 * @param existing - whether a file at the destination is replaced
 * @throws a system error with code `EEXIST` when there is a file at the destination that is to be kept
 */
export async function copyDatabase(
  db: Database,
  destination: string,
  onProgress: (progress: BackupProgress) => void,
  existing: 'keep' | 'replace' = 'keep',
): Promise<void> {
  if (existing === 'keep' && existsSync(destination))
    throw Object.assign(new Error('there is a file'), { code: 'EEXIST' });
  using unfinished = new UnfinishedFile(resolve(destination));
  try {
    await copyInto(unfinished, db, onProgress);
    if (existing === 'replace') unfinished.replace();
    else unfinished.publish();
  } catch (error) {
    throw hasSystemCode(error, 'EEXIST') ? error : toDatabaseError(error, 'database.backup');
  }
}

/** Writes the copy, and leaves it to the caller to put it in its place. */
export async function copyInto(
  unfinished: UnfinishedFile,
  db: Database,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  unfinished.create();
  await db.backup(unfinished.path, {
    progress: (progress) => {
      onProgress(progress);
      return PAGES_PER_STEP;
    },
  });
}

/**
 * Returns the file that a backup may take the place of: one that is not there yet, or a database that nobody uses. A link is
 * followed.
 *
 * @throws InvalidInputError when there is anything else
 */
export function requireReplaceable(path: string, source: Database): string {
  if (!existsSync(path)) return path;
  const file = realpathSync(path);
  if (!source.memory && file === realpathSync(source.name))
    throw new InvalidInputError('path', 'expected another file than that of the database itself');
  if (!statSync(file).isFile() || !isDatabase(file))
    throw new InvalidInputError('path', 'expected a path without a file, or that of an earlier backup');
  if (CONTENT_FILES.some((suffix) => suffix !== '' && sizeOf(file + suffix) > 0))
    throw new InvalidInputError('path', 'expected the path of a file that no program has open, or left unfinished');
  return file;
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** An empty file becomes a database with the first table. */
function isDatabase(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const header = Buffer.alloc(MAGIC.length);
    const length = readSync(descriptor, header, 0, header.length, 0);
    return length === 0 || header.equals(MAGIC);
  } finally {
    closeSync(descriptor);
  }
}

/** Every database begins with it (https://www.sqlite.org/fileformat.html). */
const MAGIC = Buffer.from('SQLite format 3\0');
