import { setTimeout as wait } from 'node:timers/promises';
import { BusyError, RestoreFailedError } from '@codebuddy/db-core';
import { isError, toDatabaseError } from '@codebuddy/db-core/internal';
import type { CheckpointRepository } from '../checkpoint-repository.ts';
import type { ProjectFolder } from '../project-folder.ts';
import { InterruptedRestore } from './interrupted-restore.ts';
import type { RestoreHistory } from './restore-history.ts';
import type { RestoreJournal } from './restore-journal.ts';
import { RestoreMarker } from './restore-marker.ts';

/** A call waits so long for the restores of others, in milliseconds. */
export const RESTORE_TIMEOUT_MS = 5_000;
const POLL_MS = 20;

/** A restore that was written down and has not begun by then belongs to a process that has died. */
const GRACE_MS = 200;

/** Ends the restores of a project folder that failed, or whose process died. */
export class RestoreRecovery {
  readonly #folder: ProjectFolder;
  readonly #repository: CheckpointRepository;
  readonly #history: RestoreHistory;

  constructor(folder: ProjectFolder, repository: CheckpointRepository, history: RestoreHistory) {
    this.#folder = folder;
    this.#repository = repository;
    this.#history = history;
  }

  /**
   * Ends a restore whose process died, and waits for that of a process that lives.
   *
   * @returns `true` if files were brought back
   * @throws BusyError when the other process takes longer than 5 seconds
   * @throws RestoreFailedError when the files can't be brought back
   */
  async settle(): Promise<boolean> {
    const startedAt = performance.now();
    let hasBroughtBack = false;
    for (let journal = this.#history.unfinished(); journal !== undefined; journal = this.#history.unfinished()) {
      const waitedMs = performance.now() - startedAt;
      if (waitedMs > RESTORE_TIMEOUT_MS) throw restoringElsewhere(this.#folder);
      const outcome = journal.isStarted || waitedMs > GRACE_MS ? await this.#endInterrupted(journal) : 'locked';
      if (outcome === 'brought back') hasBroughtBack = true;
      if (outcome === 'locked') await wait(POLL_MS);
    }
    return hasBroughtBack;
  }

  /**
   * Brings back the state before a restore of this process that failed.
   *
   * @returns the error to throw
   */
  async afterFailure(marker: RestoreMarker, journal: RestoreJournal, cause: unknown): Promise<RestoreFailedError> {
    const { id } = journal.checkpoint;
    const reason = reasonOf(cause);
    try {
      await this.#bringBack(this.#interrupted(journal, false));
      await this.end(marker, journal, false);
    } catch (error) {
      marker.unlock();
      return new RestoreFailedError(
        `Some files were restored, some were not: ${reason} They can't be brought back now (${reasonOf(error)}). ` +
          `The next call tries again; checkpoint ${id} holds the state before.`,
        id,
        cause,
      );
    }
    return new RestoreFailedError(
      `Nothing was restored: ${reason} The files are as they were; checkpoint ${id} holds that state, too.`,
      id,
      cause,
    );
  }

  /**
   * Notes the end of a restore. The marker is removed first, so that none is left behind, and stays locked until everybody
   * can see the end.
   */
  async end(marker: RestoreMarker, journal: RestoreJournal, isComplete: boolean): Promise<void> {
    try {
      await marker.remove();
      this.#history.end(journal, isComplete);
    } finally {
      marker.unlock();
    }
  }

  async #endInterrupted(journal: RestoreJournal): Promise<'locked' | 'brought back' | 'ended'> {
    const marker = new RestoreMarker(this.#folder.root, journal.token);
    const interrupted = this.#interrupted(journal, true);
    if (!(await marker.exists())) {
      this.#history.end(journal, journal.isStarted && (await interrupted.hasChangedFiles()));
      return 'ended';
    }
    if (!marker.lock()) return 'locked';
    try {
      // Before this call had the lock, the process may have gone on and died, or another one may have ended the restore.
      const latest = this.#history.unfinished();
      if (latest?.metadata !== journal.metadata) {
        if (latest?.token !== journal.token) await marker.remove();
        return 'ended';
      }
      const isHalfDone = journal.isStarted && !(await interrupted.isComplete());
      if (isHalfDone) await this.#bringBack(interrupted);
      await this.end(marker, journal, journal.isStarted && !isHalfDone);
      return isHalfDone ? 'brought back' : 'ended';
    } catch (error) {
      const { id } = journal.checkpoint;
      throw new RestoreFailedError(
        `A restore was interrupted and can't be taken back: ${reasonOf(error)} Fix that and call again, or delete ` +
          `checkpoint ${id}, which holds the state before, to leave the files as they are.`,
        id,
        toDatabaseError(error, 'checkpoints.restore'),
      );
    } finally {
      marker.unlock();
    }
  }

  #interrupted(journal: RestoreJournal, passesOverLinks: boolean): InterruptedRestore {
    const before = this.#repository.getFiles(journal.checkpoint.id);
    return new InterruptedRestore(this.#folder, journal, before, passesOverLinks);
  }

  #bringBack(interrupted: InterruptedRestore): Promise<void> {
    return interrupted.bringBack((hash) => this.#repository.getContent(hash));
  }
}

/** Returns the error of a call that waited in vain for the restores of others. */
export function restoringElsewhere(folder: ProjectFolder): BusyError {
  return new BusyError(`Another process is restoring files of ${folder.path}. Try again.`);
}

/** Errors of ours end with a full stop. */
function reasonOf(error: unknown): string {
  const typed = toDatabaseError(error, 'checkpoints.restore');
  return isError(typed) ? typed.message : String(typed);
}
