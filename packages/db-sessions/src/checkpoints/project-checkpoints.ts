import {
  type Checkpoint,
  type CheckpointFile,
  type CheckpointOrigin,
  InvalidInputError,
  NotFoundError,
  OutsideRootError,
  type SecretFiles,
} from '@codebuddy/db-core';
import {
  type NamesOf,
  optionalBoolean,
  readOptions,
  requireArray,
  requireOneOf,
  requireRelativePath,
  requireString,
  SECRET_FILES,
} from '@codebuddy/db-core/internal';
import { type CapturedState, captureState } from './captured-state.ts';
import type { CheckpointRepository } from './checkpoint-repository.ts';
import { compareFile, type FileChange } from './file-change.ts';
import { isGitPath } from './git-paths.ts';
import { type Found, notAFile, ProjectFolder } from './project-folder.ts';
import type { Reversal } from './restore/restore-journal.ts';
import { type RestoreResult, Restorer } from './restore/restorer.ts';

/** The project whose files are saved and restored. */
export interface ProjectCheckpointsConfig {
  readonly projectId: string;
  /** The folder of the project. */
  readonly projectPath: string;
  /**
   * Whether files in `.git` may be saved and restored. Default: `false`, since git runs what lies there, and whoever can
   * write the database would decide on it.
   */
  readonly includeGit?: boolean | null | undefined;
  /**
   * Whether {@link ProjectCheckpoints.save} keeps files that hold secrets, or leaves them out and lists them in `skipped_files`.
   * A file holds one if the connection's `redact`, or `redactSecrets`, would change it. The state before a restore is always kept
   * whole, so that it can be brought back. Default: `keep`.
   */
  readonly secrets?: SecretFiles | null | undefined;
}

/** The details of files that are saved. */
export interface SaveDetails {
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Another way to treat files that hold secrets than that of the project. */
  readonly secrets?: SecretFiles | null | undefined;
}

const PROJECT_NAMES: NamesOf<ProjectCheckpointsConfig> = {
  projectId: true,
  projectPath: true,
  includeGit: true,
  secrets: true,
};

const DETAIL_NAMES: NamesOf<SaveDetails> = { description: true, metadata: true, secrets: true };

const ORIGIN_NAMES: NamesOf<CheckpointOrigin> = { projectId: true, projectPath: true };

/**
 * Saves files of one project folder before an edit, shows what changed, and brings them back. It never reads or writes
 * outside the folder, and a restore is all or nothing: if it fails or its process dies, the files are as they were once the
 * next call has returned.
 *
 * @example
 * ```ts
 * const checkpoints = new ProjectCheckpoints(repository, { projectId: 'shop', projectPath: '/home/dev/shop' });
 * const before = await checkpoints.save(['src/cart.ts', 'src/new-file.ts'], { description: 'before the refactoring' });
 * // ... the agent edits ...
 * await checkpoints.restore(before.id);
 * await checkpoints.undo();
 * ```
 */
export class ProjectCheckpoints {
  readonly #repository: CheckpointRepository;
  readonly #projectId: string;
  readonly #includeGit: boolean;
  readonly #secrets: SecretFiles;
  #folder: ProjectFolder;
  #restorer: Restorer;

  /** @throws CannotOpenError when there is no such folder */
  constructor(repository: CheckpointRepository, project: ProjectCheckpointsConfig) {
    const { projectId, projectPath, includeGit, secrets } = readOptions(project, PROJECT_NAMES, 'project');
    this.#repository = repository;
    this.#projectId = requireString(projectId, 'projectId');
    this.#includeGit = optionalBoolean(includeGit, 'includeGit') ?? false;
    this.#secrets = requireOneOf(secrets ?? 'keep', 'secrets', SECRET_FILES);
    this.#folder = new ProjectFolder(projectPath);
    this.#restorer = this.#createRestorer();
  }

  /**
   * Saves the state of files. One that does not exist is remembered as such, and removed by {@link restore}.
   *
   * @param paths - relative to the project folder
   * @throws OutsideRootError when a path leads out of the folder; nothing is saved
   * @throws InvalidInputError when a path leads into `.git` and `includeGit` is not set; nothing is saved
   */
  async save(paths: readonly string[], details: SaveDetails = {}): Promise<Checkpoint> {
    const { description, metadata, secrets = this.#secrets } = readOptions(details, DETAIL_NAMES, 'details');
    const normalized = new Set(requireArray(paths, 'paths').map(requireRelativePath));
    this.#requireNoGit(normalized);
    const { result } = await this.#restorer.read(() => this.#capture(normalized));
    return this.#repository.create({
      ...result,
      project_id: this.#projectId,
      project_path: this.#folder.path,
      description,
      metadata,
      secrets,
    });
  }

  /** Returns the checkpoints of this project that were saved, the newest first. */
  list(): Checkpoint[] {
    return this.#repository.find({ projectId: this.#projectId, kind: 'saved' });
  }

  /**
   * Compares the files of a checkpoint with those of the folder now.
   *
   * @throws OutsideRootError when the checkpoint is another project's or folder's, or there is a link on the way
   */
  async diff(checkpointId: string): Promise<FileChange[]> {
    const { id } = this.#require(checkpointId);
    const { result } = await this.#restorer.read(() => this.#compare(id));
    return result;
  }

  /**
   * Brings files back to the state of a checkpoint, with their permissions: all of them or, if it fails, none. A file
   * that stands if a folder was is removed. The state before is saved first, so that {@link undo} can take this back.
   *
   * @param paths - those of its files that are brought back. Default: all
   * @throws OutsideRootError when the checkpoint is another project's or folder's, or a path leads out; nothing is written
   * @throws InvalidInputError when a path leads into `.git` and `includeGit` is not set; nothing is written
   * @throws CorruptError when a stored content is damaged; nothing is written
   * @throws RestoreFailedError when a file can't be written; the files are as before, and the error names the checkpoint
   * that holds that state
   */
  async restore(checkpointId: string, paths?: readonly string[]): Promise<RestoreResult> {
    const checkpoint = this.#require(checkpointId);
    return this.#restore(checkpoint, this.#chosenFiles(checkpoint.id, paths), { becomes: 'undo' });
  }

  /**
   * Takes the last restore back that was not taken back yet. Edits made since are in the checkpoint of {@link redo}.
   *
   * @returns `null` if there is none
   * @throws as {@link restore} does
   */
  undo(): Promise<RestoreResult | null> {
    return this.#reverse('undo', 'redo');
  }

  /**
   * Takes the last {@link undo} back. After another {@link restore} there is none.
   *
   * @returns `null` if there is none
   * @throws as {@link restore} does
   */
  redo(): Promise<RestoreResult | null> {
    return this.#reverse('redo', 'undo');
  }

  /**
   * Brings back the state before a restore whose process died. Every other call does this first; call it when your program
   * starts, so that nobody edits files that are half restored.
   *
   * @returns `true` if files were brought back
   */
  recover(): Promise<boolean> {
    return this.#restorer.settle();
  }

  /**
   * Makes the checkpoints of this project those of another folder, and goes on there: the project was moved, or the database
   * came from another machine. Before, they can't be restored there.
   *
   * @param newRoot - the folder that the project is in now
   * @param from - the checkpoints to take. Default: all of this project, whichever folder they were made for. Give the old
   * folder if several copies of the project share the database, and the old id if the project has another one now
   * @returns the number of checkpoints that were bound elsewhere before
   * @throws CannotOpenError when there is no such folder; nothing is bound
   */
  async rebind(newRoot: string, from: Partial<CheckpointOrigin> = {}): Promise<number> {
    const { projectId = this.#projectId, projectPath } = readOptions(from, ORIGIN_NAMES, 'from');
    const folder = new ProjectFolder(newRoot);
    const place = { projectId: this.#projectId, projectPath: folder.path };
    const bound = this.#repository.rebind({ projectId, projectPath }, place);
    this.#folder = folder;
    this.#restorer = this.#createRestorer();
    await this.#restorer.settle();
    return bound;
  }

  #createRestorer(): Restorer {
    const place = { projectId: this.#projectId, projectPath: this.#folder.path };
    return new Restorer(this.#folder, this.#repository, this.#repository.historyOf(place));
  }

  async #reverse(reversal: Reversal, becomes: Reversal): Promise<RestoreResult | null> {
    await this.#restorer.settle();
    const checkpoint = this.#restorer.next(reversal);
    if (checkpoint === undefined) return null;
    return this.#restore(checkpoint, this.#repository.getFiles(checkpoint.id), { becomes, uses: checkpoint.id });
  }

  #restore(
    { id, absent_folders: absentFolders = [] }: Checkpoint,
    files: readonly CheckpointFile[],
    intended: { readonly becomes: Reversal; readonly uses?: string },
  ): Promise<RestoreResult> {
    this.#requireNoGit(files.map(({ file_path }) => file_path));
    return this.#restorer.restore({ id, files, absentFolders, ...intended });
  }

  /** Finds a checkpoint that may be restored here. */
  #require(checkpointId: string): Checkpoint {
    const checkpoint = this.#repository.getById(checkpointId);
    if (checkpoint === null) throw new NotFoundError('checkpoint');
    const { project_id: projectId, project_path: projectPath } = checkpoint;
    if (projectId === this.#projectId && projectPath === this.#folder.path) return checkpoint;
    const place = projectId === this.#projectId ? (projectPath ?? 'no known folder') : 'another project';
    throw new OutsideRootError(
      `This checkpoint was made for ${place}, not for ${this.#folder.path}. ` +
        'Open it there, or call rebind() if the project was moved.',
    );
  }

  #chosenFiles(checkpointId: string, paths: readonly string[] | undefined): CheckpointFile[] {
    const files = this.#repository.getFiles(checkpointId);
    if (paths === undefined) return files;
    return requireArray(paths, 'paths').map((path) => {
      const normalized = requireRelativePath(path);
      const file = files.find(({ file_path }) => file_path === normalized);
      if (file !== undefined) return file;
      throw new InvalidInputError('paths', `${JSON.stringify(path)} is not in this checkpoint`);
    });
  }

  #requireNoGit(paths: Iterable<string>): void {
    if (this.#includeGit) return;
    const path = [...paths].find(isGitPath);
    if (path === undefined) return;
    throw new InvalidInputError(
      'includeGit',
      `expected true, since ${path} belongs to git, which runs what lies there; or name other paths`,
    );
  }

  async #capture(paths: ReadonlySet<string>): Promise<CapturedState> {
    const captured = new Map<string, Found>();
    for (const path of paths) {
      const found = await this.#folder.look(path);
      if (found.kind === 'folder') throw notAFile(path);
      captured.set(path, found);
    }
    return captureState(captured);
  }

  async #compare(checkpointId: string): Promise<FileChange[]> {
    const changes: FileChange[] = [];
    for (const file of this.#repository.getFiles(checkpointId)) {
      const path = requireRelativePath(file.file_path);
      const found = await this.#folder.look(path);
      changes.push(compareFile(path, file, found, (hash) => this.#repository.getContent(hash)));
    }
    return changes;
  }
}
