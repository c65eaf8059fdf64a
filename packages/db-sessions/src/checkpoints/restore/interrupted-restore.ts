import { type CheckpointFile, hasErrorCode } from '@codebuddy/db-core';
import { requireRelativePath } from '@codebuddy/db-core/internal';
import { type FileState, isInState, stateOf } from '../file-state.ts';
import type { Found, ProjectFolder } from '../project-folder.ts';
import { foldersWithin } from './folder-paths.ts';
import type { RestoreJournal } from './restore-journal.ts';
import { removeStagedOf, swapFiles } from './swap-files.ts';

/** A path of an interrupted restore, and how far that has come with it. */
interface ReachedPath {
  readonly path: string;
  readonly found: Found;
  readonly before: FileState;
  /** The state that was found; `other` if somebody has changed the file since. */
  readonly state: 'before' | 'wanted' | 'other';
}

/** A restore that failed, or whose process died. */
export class InterruptedRestore {
  readonly #folder: ProjectFolder;
  readonly #journal: RestoreJournal;
  readonly #before: ReadonlyMap<string, FileState>;
  readonly #passesOverLinks: boolean;

  /**
   * @param before - the files of the checkpoint of the state before
   * @param passesOverLinks - `true` leaves a path with a link on the way to whoever put the link there. While the restore
   * still goes on, the link may be there for a moment only
   */
  constructor(
    folder: ProjectFolder,
    journal: RestoreJournal,
    before: readonly CheckpointFile[],
    passesOverLinks: boolean,
  ) {
    this.#folder = folder;
    this.#journal = journal;
    this.#passesOverLinks = passesOverLinks;
    this.#before = new Map(before.map((file) => [requireRelativePath(file.file_path), stateOf(file)]));
  }

  /** Returns whether all files are as they were wanted. */
  async isComplete(): Promise<boolean> {
    return (await this.#look()).every(({ state }) => state === 'wanted');
  }

  /** Returns whether some files are as they were wanted. */
  async hasChangedFiles(): Promise<boolean> {
    return (await this.#look()).some(({ state }) => state === 'wanted');
  }

  /**
   * Brings the files that the restore had changed back to the state before. It can be interrupted and called again.
   *
   * @param contentOf - returns a stored content by its hash
   */
  async bringBack(contentOf: (hash: string) => Uint8Array): Promise<void> {
    const { token, checkpoint } = this.#journal;
    const reached = await this.#look();
    const paths = reached.map(({ path }) => path);
    await removeStagedOf(token, this.#folder.root, paths);
    const swaps = reached.flatMap(({ path, found, before: { hash, mode }, state }) =>
      state === 'wanted' ? [{ path, found, mode, ...(hash === undefined ? {} : { content: contentOf(hash) }) }] : [],
    );
    await swapFiles(this.#folder.root, swaps, token, foldersWithin(paths, checkpoint.absent_folders ?? []));
  }

  async #look(): Promise<ReachedPath[]> {
    const reached: ReachedPath[] = [];
    for (const [path, before] of this.#before) {
      const found = await this.#lookAt(path);
      if (found !== undefined) reached.push({ path, found, before, state: this.#stateOf(path, found, before) });
    }
    return reached;
  }

  async #lookAt(path: string): Promise<Found | undefined> {
    try {
      return await this.#folder.look(path);
    } catch (error) {
      if (this.#passesOverLinks && hasErrorCode(error, 'DB_OUTSIDE_ROOT')) return undefined;
      throw error;
    }
  }

  #stateOf(path: string, found: Found, before: FileState): ReachedPath['state'] {
    const now: FileState = found.kind === 'file' ? found : {};
    if (isInState(now, before)) return 'before';
    // The permissions may be none that the volume knows.
    return now.hash === this.#journal.wanted.get(path)?.hash ? 'wanted' : 'other';
  }
}
