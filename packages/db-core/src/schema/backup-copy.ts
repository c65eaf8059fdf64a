import { closeSync, openSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { fileStamp } from '../codecs/timestamps.ts';
import type { BackupProgress, Database } from '../connection/driver.ts';
import { toDatabaseError } from '../errors/index.ts';

/** SQLite copies this many pages in one step of a backup, and the event loop turns between the steps. */
const PAGES_PER_STEP = 1_000;

/**
 * Copies a database while others may use it (https://www.sqlite.org/backup.html) to a file that only its owner may
 * read. A copy that fails half-way is removed.
 *
 * @throws a system error with code `EEXIST` when there is a file at the destination
 */
export async function copyDatabase(
  db: Database,
  destination: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  closeSync(openSync(destination, 'wx', 0o600));
  try {
    await db.backup(destination, {
      progress: (progress) => {
        onProgress(progress);
        return PAGES_PER_STEP;
      },
    });
  } catch (error) {
    await unlink(destination);
    throw toDatabaseError(error, 'database.backup');
  }
}

/** Names the copy that is made of a file before it changes: beside it, with the version it holds. */
export function backupPathFor(file: string, version: number, now: number): string {
  return `${file}.v${version}.${fileStamp(now)}.bak`;
}
