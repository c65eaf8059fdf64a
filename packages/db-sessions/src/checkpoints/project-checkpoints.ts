import type { NewCheckpointFile } from '@codebuddy/db-core';
import {
  type Checkpoint,
  type CheckpointFile,
  InvalidInputError,
  type JsonObject,
  NotFoundError,
  OutsideRootError,
} from '@codebuddy/db-core';
import { hashContent, requireArray, requireObject, requireString } from '@codebuddy/db-core/internal';
import type { CheckpointRepository } from './checkpoint-repository.ts';
import { ProjectFolder } from './project-folder.ts';

/** How a file differs now from what a checkpoint holds. */
export interface FileChange {
  readonly path: string;
  /** What happened since the checkpoint. */
  readonly change: 'unchanged' | 'modified' | 'created' | 'deleted';
  /** The content then; absent where there was no file. */
  readonly before?: Uint8Array;
  /** The content now; absent where there is no file. */
  readonly after?: Uint8Array;
}

/** What restoring a checkpoint did. */
export interface RestoreResult {
  /** The files that were written. */
  readonly written: readonly string[];
  /** The files that were removed, since they did not exist then. */
  readonly removed: readonly string[];
  /** A checkpoint of the state before: restoring it takes this back. Absent where nothing had to change. */
  readonly undo?: Checkpoint;
}

/**
 * Saves files of one project folder before an edit, shows what changed, and brings them back. It never reads or writes
 * outside the folder.
 *
 * @example
 * ```ts
 * const checkpoints = new ProjectCheckpoints(repository, { projectId: 'shop', projectPath: '/home/dev/shop' });
 * const before = await checkpoints.save(['src/cart.ts', 'src/new-file.ts'], { description: 'before the refactoring' });
 * // ... the agent edits ...
 * await checkpoints.restore(before.id);
 * ```
 */
export class ProjectCheckpoints {
  readonly #repository: CheckpointRepository;
  readonly #projectId: string;
  readonly #folder: ProjectFolder;

  constructor(repository: CheckpointRepository, project: { readonly projectId: string; readonly projectPath: string }) {
    this.#repository = repository;
    this.#projectId = requireString(requireObject(project, 'project').projectId, 'projectId');
    this.#folder = new ProjectFolder(project.projectPath);
  }

  /**
   * Saves the state of files. One that does not exist is remembered as such, and removed by {@link restore}.
   *
   * @param paths - relative to the project folder
   * @throws OutsideRootError when a path leads out of the folder; nothing is saved
   */
  async save(
    paths: readonly string[],
    details: { readonly description?: string; readonly metadata?: JsonObject } = {},
  ): Promise<Checkpoint> {
    const files: NewCheckpointFile[] = [];
    requireObject(details, 'details');
    for (const path of new Set(requireArray(paths, 'paths').map((each) => this.#folder.normalize(each)))) {
      files.push({ file_path: path, ...(await this.#folder.read(path)) });
    }
    return this.#repository.create({
      project_id: this.#projectId,
      project_path: this.#folder.root,
      files,
      ...details,
    });
  }

  /** Returns the checkpoints of this project, the newest first. */
  list(): Checkpoint[] {
    return this.#repository.find({ projectId: this.#projectId });
  }

  /** Compares the files of a checkpoint with those of the folder now. */
  async diff(checkpointId: string): Promise<FileChange[]> {
    const changes: FileChange[] = [];
    for (const file of this.#filesOf(checkpointId)) changes.push(await this.#compare(file));
    return changes;
  }

  /**
   * Brings files back to the state of a checkpoint. The state before is saved first, so that this can be taken back;
   * each file is replaced whole.
   *
   * @param paths - which of its files. Default: all
   * @throws OutsideRootError when the checkpoint was made for another folder, or a path leads out; nothing is written
   */
  async restore(checkpointId: string, paths?: readonly string[]): Promise<RestoreResult> {
    const files = this.#chosenFiles(checkpointId, paths);
    const changed: (FileChange & { readonly file: CheckpointFile })[] = [];
    for (const file of files) {
      const change = await this.#compare(file);
      if (change.change !== 'unchanged') changed.push({ ...change, file });
    }
    if (changed.length === 0) return { written: [], removed: [] };
    const undo = await this.save(
      changed.map(({ path }) => path),
      { description: `Before restoring ${checkpointId}` },
    );
    for (const { path, before, file } of changed) {
      if (before === undefined) await this.#folder.remove(path);
      else await this.#folder.write(path, before, file.mode);
    }
    const pathsWhere = (existed: boolean) =>
      changed.filter(({ file }) => file.existed === existed).map(({ path }) => path);
    return { written: pathsWhere(true), removed: pathsWhere(false), undo };
  }

  #filesOf(checkpointId: string): CheckpointFile[] {
    const checkpoint = this.#repository.getById(checkpointId);
    if (checkpoint === null) throw new NotFoundError('checkpoint');
    if (checkpoint.project_path !== undefined && checkpoint.project_path !== this.#folder.root) {
      throw new OutsideRootError(
        `This checkpoint was made for ${checkpoint.project_path}, not for ${this.#folder.root}. Open it there.`,
      );
    }
    return this.#repository.getFiles(checkpointId);
  }

  #chosenFiles(checkpointId: string, paths: readonly string[] | undefined): CheckpointFile[] {
    const files = this.#filesOf(checkpointId);
    if (paths === undefined) return files;
    return requireArray(paths, 'paths').map((path) => {
      const file = files.find(({ file_path }) => file_path === this.#folder.normalize(path));
      if (file === undefined) throw new InvalidInputError('paths', `${JSON.stringify(path)} is not in this checkpoint`);
      return file;
    });
  }

  async #compare(file: CheckpointFile): Promise<FileChange> {
    const path = this.#folder.normalize(file.file_path);
    const now = await this.#folder.read(path);
    const before = file.content_hash === undefined ? {} : { before: this.#repository.getContent(file.content_hash) };
    const after = now === undefined ? {} : { after: now.content };
    return { path, change: changeOf(file, now?.content), ...before, ...after };
  }
}

function changeOf(file: CheckpointFile, now: Uint8Array | undefined): FileChange['change'] {
  if (now === undefined) return file.content_hash === undefined ? 'unchanged' : 'deleted';
  if (file.content_hash === undefined) return 'created';
  return hashContent(now) === file.content_hash ? 'unchanged' : 'modified';
}
