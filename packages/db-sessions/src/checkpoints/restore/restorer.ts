import { type Checkpoint, DatabaseError } from '@codebuddy/db-core';
import { toDatabaseError } from '@codebuddy/db-core/internal';
import { captureState } from '../captured-state.ts';
import type { CheckpointRepository } from '../checkpoint-repository.ts';
import type { FileState } from '../file-state.ts';
import type { ProjectFolder } from '../project-folder.ts';
import type { RestoreHistory } from './restore-history.ts';
import type { IntendedRestore, RestoreJournal, Reversal } from './restore-journal.ts';
import { RestoreMarker } from './restore-marker.ts';
import { planRestore, type RestorePlan, type RestoreTarget } from './restore-plan.ts';
import { RESTORE_TIMEOUT_MS, RestoreRecovery, restoringElsewhere } from './restore-recovery.ts';
import { type FileSwap, swapFiles } from './swap-files.ts';

/** The outcome of a restore. */
export interface RestoreResult {
  /** The files that were written. */
  readonly written: readonly string[];
  /** The files that were removed, since they did not exist then. */
  readonly removed: readonly string[];
  /** The checkpoint of the state before. Absent if nothing had to change. */
  readonly undo?: Checkpoint;
}

/** The state to bring about, and how that is taken back. */
export interface RestoreRequest extends RestoreTarget {
  /** The checkpoint that holds the state. */
  readonly id: string;
  readonly becomes: Reversal;
  readonly uses?: string;
}

/**
 * Restores files of one project folder, all or none. The state before is stored together with what is intended, then the
 * files are swapped, then the end is noted. If this is interrupted, the next call brings back the state before.
 */
export class Restorer {
  readonly #folder: ProjectFolder;
  readonly #repository: CheckpointRepository;
  readonly #history: RestoreHistory;
  readonly #recovery: RestoreRecovery;

  constructor(folder: ProjectFolder, repository: CheckpointRepository, history: RestoreHistory) {
    this.#folder = folder;
    this.#repository = repository;
    this.#history = history;
    this.#recovery = new RestoreRecovery(folder, repository, history);
  }

  /**
   * Ends a restore whose process died, and waits for that of a process that lives.
   *
   * @returns `true` if files were brought back
   * @throws BusyError when the other process takes longer than 5 seconds
   * @throws RestoreFailedError when the files can't be brought back
   */
  settle(): Promise<boolean> {
    return typed(() => this.#recovery.settle());
  }

  /** Returns the checkpoint that `undo()` or `redo()` goes back to. */
  next(reversal: Reversal): Checkpoint | undefined {
    return this.#history.next(reversal);
  }

  /**
   * Reads files while no restore goes on. The version shows {@link RestoreHistory.record} that none has begun since.
   *
   * @throws BusyError when others keep restoring
   */
  async read<Result>(read: () => Promise<Result>): Promise<{ readonly result: Result; readonly version: string }> {
    const deadline = performance.now() + RESTORE_TIMEOUT_MS;
    while (performance.now() < deadline) {
      await this.settle();
      const version = this.#history.idleVersion();
      if (version === undefined) continue;
      const result = await typed(read);
      if (this.#history.idleVersion() === version) return { result, version };
    }
    throw restoringElsewhere(this.#folder);
  }

  /**
   * Brings files to a state.
   *
   * @throws RestoreFailedError when it failed after it had begun
   */
  async restore(request: RestoreRequest): Promise<RestoreResult> {
    const deadline = performance.now() + RESTORE_TIMEOUT_MS;
    while (performance.now() < deadline) {
      const { result: plan, version } = await this.read(() => planRestore(this.#folder, request));
      if (plan.changes.length === 0) {
        if (request.uses !== undefined) this.#history.use(request.uses);
        return { written: [], removed: [] };
      }
      const swaps = plan.changes.map(({ path, found, wanted }) => ({ path, found, ...this.#fileOf(wanted) }));
      const recorded = this.#history.record(version, stateBefore(request, plan), intentionOf(request, plan));
      if (recorded !== undefined && (await typed(() => this.#swap(swaps, plan, recorded))))
        return { ...pathsOf(plan), undo: { ...recorded.checkpoint, kind: request.becomes } };
    }
    throw restoringElsewhere(this.#folder);
  }

  /** Returns `false` if it came to nothing, because another call took the restore for interrupted before it had begun. */
  async #swap(
    swaps: readonly FileSwap[],
    { foldersToRemove }: RestorePlan,
    recorded: RestoreJournal,
  ): Promise<boolean> {
    const marker = new RestoreMarker(this.#folder.root, recorded.token);
    const started = await this.#start(marker, recorded);
    if (started === undefined) return false;
    try {
      await swapFiles(this.#folder.root, swaps, started.token, foldersToRemove);
    } catch (error) {
      throw await this.#recovery.afterFailure(marker, started, toDatabaseError(error, 'checkpoints.restore'));
    }
    try {
      await this.#recovery.end(marker, started, true);
    } catch (error) {
      // The files are restored. The next call sees that they are, and notes it.
      if (!DatabaseError.isInstance(error) || !error.retryable) throw error;
    }
    return true;
  }

  async #start(marker: RestoreMarker, recorded: RestoreJournal): Promise<RestoreJournal | undefined> {
    let started: RestoreJournal | undefined;
    try {
      started = (await marker.create()) ? this.#history.start(recorded) : undefined;
      return started;
    } finally {
      if (started === undefined) await this.#recovery.end(marker, recorded, false);
    }
  }

  #fileOf({ hash, mode }: FileState): Pick<FileSwap, 'content' | 'mode'> {
    return hash === undefined ? {} : { content: this.#repository.getContent(hash), mode };
  }
}

function stateBefore({ id }: RestoreRequest, { changes }: RestorePlan) {
  const found = new Map(changes.map((change) => [change.path, change.found]));
  return { description: `Before restoring ${id}`, ...captureState(found) };
}

function intentionOf({ becomes, uses }: RestoreRequest, { changes }: RestorePlan): IntendedRestore {
  const wanted = new Map(changes.map(({ path, wanted: state }) => [path, state]));
  return { becomes, ...(uses === undefined ? {} : { uses }), wanted };
}

function pathsOf({ changes }: RestorePlan): Pick<RestoreResult, 'written' | 'removed'> {
  const paths = (isRemoved: boolean) =>
    changes.filter(({ wanted }) => (wanted.hash === undefined) === isRemoved).map(({ path }) => path);
  return { written: paths(false), removed: paths(true) };
}

/** Turns errors of the system into typed ones. */
async function typed<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw toDatabaseError(error, 'checkpoints.restore');
  }
}
