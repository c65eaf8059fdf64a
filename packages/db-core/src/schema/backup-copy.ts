import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileStamp } from '../codecs/timestamps.ts';
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
    unfinished.create();
    await db.backup(unfinished.path, {
      progress: (progress) => {
        onProgress(progress);
        return PAGES_PER_STEP;
      },
    });
    unfinished.publish();
  } catch (error) {
    throw hasSystemCode(error, 'EEXIST') ? error : toDatabaseError(error, 'database.backup');
  }
}

/** Names the copy that is made of a file before it changes: beside it, with the version it holds. */
export function backupPathFor(file: string, version: number, now: number): string {
  return `${file}.v${version}.${fileStamp(now)}.bak`;
}
