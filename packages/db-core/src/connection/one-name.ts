import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotOpenError } from '../errors/index.ts';
import { removeLeftovers } from './unfinished-file.ts';

/** A file with two names is looked at this often: it has a second one for a moment while another process probes its lock. */
const MAX_LOOKS = 20;
const MS_BETWEEN_LOOKS = 50;

/**
 * Refuses a file that has several names (hard links). SQLite names the log after the name that a file is opened by, so two
 * processes that know it by two names would each write a log of their own.
 *
 * @throws CannotOpenError when it has
 */
export async function requireOneName(path: string): Promise<void> {
  if (!hasSeveralNames(path)) return;
  // A process that was killed while it probed the lock left a second name, which is ours to remove.
  removeLeftovers(path);
  for (let look = 1; hasSeveralNames(path); look++) {
    if (look === MAX_LOOKS) {
      throw new CannotOpenError(
        `${path} has several names (hard links), and what is written under one would be lost under another. ` +
          'Remove the others, or open a copy.',
      );
    }
    await sleep(MS_BETWEEN_LOOKS);
  }
}

/** A link may lead to a file that is yet to be made. */
function hasSeveralNames(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.nlink ?? 1) > 1;
}
