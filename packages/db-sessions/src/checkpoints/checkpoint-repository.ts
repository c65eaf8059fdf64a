import {
  type Checkpoint,
  type CheckpointFile,
  type CheckpointFilter,
  type CheckpointOrigin,
  type CheckpointStore,
  type Database,
  getDatabaseManager,
  type NewCheckpoint,
  NotFoundError,
  type ProjectPlace,
  type RepositoryOptions,
} from '@codebuddy/db-core';
import {
  CHECKPOINT_KINDS,
  contextOf,
  type NamesOf,
  optionalNameOrNull,
  PAGE_NAMES,
  pageParameters,
  type RunTransaction,
  readOptions,
  requireOneOf,
  requireString,
  resolveRepositoryOptions,
  shareRepository,
} from '@codebuddy/db-core/internal';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { RestoreHistory } from './restore/restore-history.ts';
import { toCheckpoint, toCheckpointFile, toContent } from './rows.ts';
import { type CheckpointStatements, prepareStatements } from './statements.ts';

const FILTER_NAMES: NamesOf<CheckpointFilter> = { ...PAGE_NAMES, projectId: true, kind: true };
const PLACE_NAMES: NamesOf<ProjectPlace> = { projectId: true, projectPath: true };

/**
 * Stores the state of files before an edit. Contents are stored once under their SHA-256, compressed. It touches no
 * file: `ProjectCheckpoints` saves and restores those of a folder.
 */
export class CheckpointRepository implements CheckpointStore {
  readonly #db: Database;
  readonly #statements: CheckpointStatements;
  readonly #transaction: RunTransaction;
  readonly #writer: CheckpointWriter;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: RepositoryOptions = {}) {
    const { clock, generateId } = resolveRepositoryOptions(options, db);
    this.#db = db;
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
    this.#writer = new CheckpointWriter(db, this.#statements, () => clock.timestamp(), generateId);
  }

  /** Stores a checkpoint with its files, all or nothing. */
  create(checkpoint: NewCheckpoint): Checkpoint {
    return this.#transaction('checkpoints.create', (transaction) => this.#writer.insert(checkpoint, {}, transaction));
  }

  /** Returns a checkpoint. */
  getById(id: string): Checkpoint | null {
    const row = this.#statements.read.get({ id });
    return row === undefined ? null : toCheckpoint(row);
  }

  /** Returns the checkpoints of a project, or all, the newest first. */
  find(filter: CheckpointFilter = {}): Checkpoint[] {
    const { projectId, kind, ...page } = readOptions(filter, FILTER_NAMES, 'filter');
    return this.#statements.find
      .all({
        projectId: projectId ?? null,
        kind: kind === undefined ? null : requireOneOf(kind, 'kind', CHECKPOINT_KINDS),
        ...pageParameters(page),
      })
      .map(toCheckpoint);
  }

  /** Returns the files of a checkpoint in the order of their paths, without their contents. */
  getFiles(checkpointId: string): CheckpointFile[] {
    return this.#statements.files.all({ checkpointId }).map(toCheckpointFile);
  }

  /**
   * Returns a content by its hash.
   *
   * @throws NotFoundError when no checkpoint has such a content
   * @throws CorruptError when the stored content is not the one that the hash stands for
   */
  getContent(hash: string): Uint8Array {
    const row = this.#statements.content.get({ hash });
    if (row === undefined) throw new NotFoundError('checkpoint content');
    return toContent(row);
  }

  /** Deletes a checkpoint and the contents that no other one needs, and returns whether it existed. */
  delete(id: string): boolean {
    return this.#transaction('checkpoints.delete', () => {
      if (this.#statements.delete.run({ id }).changes === 0) return false;
      this.#statements.deleteUnusedContents.run();
      return true;
    });
  }

  /**
   * Binds checkpoints to another project or folder, if they can then be restored. `ProjectCheckpoints.rebind` does this
   * for a project that was moved.
   *
   * @returns the number of those that were bound elsewhere before
   */
  rebind(from: CheckpointOrigin, to: ProjectPlace): number {
    const { projectId, projectPath } = readOptions(from, PLACE_NAMES, 'from');
    const target = readOptions(to, PLACE_NAMES, 'to');
    return this.#statements.rebind.run({
      fromId: requireString(projectId, 'from.projectId'),
      fromPath: optionalNameOrNull(projectPath, 'from.projectPath'),
      toId: requireString(target.projectId, 'to.projectId'),
      toPath: requireString(target.projectPath, 'to.projectPath'),
    }).changes;
  }

  /** Returns the restores of a project folder, as `ProjectCheckpoints` writes them down. */
  historyOf(place: ProjectPlace): RestoreHistory {
    const { projectId, projectPath } = readOptions(place, PLACE_NAMES, 'place');
    return new RestoreHistory(this.#db, this.#statements, this.#writer, {
      projectId: requireString(projectId, 'projectId'),
      projectPath: requireString(projectPath, 'projectPath'),
    });
  }
}

const shared = shareRepository((db) => new CheckpointRepository(db));

/** Returns the process's one repository, for the present connection of its `DatabaseManager`. */
export const getCheckpointRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetCheckpointRepository = shared.reset;
