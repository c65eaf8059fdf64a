import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BackupProgress, Database } from '../connection/driver.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { hasSystemCode, toDatabaseError } from '../errors/index.ts';

/** SQLite copies this many pages in one step of a backup, and the event loop turns between the steps. */
const PAGES_PER_STEP = 1_000;

/**
 * Copies a database while others may use it (https://www.sqlite.org/backup.html) to a file that only its owner may
 * read. It is written beside the destination
 * and put there when it is whole.
 *
 * @throws a system error with code `EEXIST` when there is a file at the destination
 */
export async function copyDatabase(
  db: Database,
  destination: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  if (existsSync(destination)) throw Object.assign(new Error('there is a file'), { code: 'EEXIST' });
  using unfinished = new UnfinishedFile(resolve(destination));
  try {
    await copyInto(unfinished, db, onProgress);
    unfinished.publish();
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
