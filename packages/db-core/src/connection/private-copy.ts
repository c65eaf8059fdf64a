import { statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BusyError } from '../errors/index.ts';
import { CONTENT_FILES, copyDatabaseFiles } from './database-file.ts';
import { UnfinishedFile } from './unfinished-file.ts';

/** A file that is written to all the time is copied this often before that is given up. */
const MAX_TRIES = 20;
const MS_BETWEEN_TRIES = 100;

/**
 * Copies a database that can't be opened where it lies, with its log or journal, to a file of this process alone. Others may
 * write to it meanwhile: a copy during which one of its files changed is made again.
 *
 * @returns the copy, which is removed when it is disposed of, or by a later call if this process dies before
 * @throws BusyError when somebody writes without a pause
 */
export async function copyPrivately(path: string): Promise<UnfinishedFile> {
  // The name tells users apart, since none may remove what another one has left behind.
  const copy = new UnfinishedFile(join(tmpdir(), `codebuddy-copy-of-${userInfo().uid}`));
  try {
    for (let attempt = 1; !copyUnchanged(path, copy); attempt++) {
      if (attempt === MAX_TRIES) {
        throw new BusyError(`${path} could not be copied: it changed each time. Try again when less is written to it.`);
      }
      await sleep(MS_BETWEEN_TRIES);
    }
    return copy;
  } catch (error) {
    copy[Symbol.dispose]();
    throw error;
  }
}

function copyUnchanged(path: string, copy: UnfinishedFile): boolean {
  copy[Symbol.dispose]();
  const before = stateOf(path);
  copyDatabaseFiles(path, copy.path);
  return stateOf(path) === before;
}

/** Changes whenever something is written to one of the files, or one takes the place of another. */
function stateOf(path: string): string {
  const states = CONTENT_FILES.map((suffix) => {
    const stat = statSync(path + suffix, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? '' : [stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(':');
  });
  return states.join();
}
