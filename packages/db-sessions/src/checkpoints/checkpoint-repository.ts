import type { CheckpointStore, NewCheckpoint, NewCheckpointFile } from '@codebuddy/db-core';
import {
  type Checkpoint,
  type CheckpointFile,
  type Database,
  getDatabaseManager,
  InvalidInputError,
  NotFoundError,
  type Page,
  type RepositoryOptions,
} from '@codebuddy/db-core';
import {
  contextOf,
  encodeJsonObject,
  hashContent,
  optionalStringOrNull,
  packContent,
  pageParameters,
  type RunTransaction,
  requireArray,
  requireInteger,
  requireObject,
  requireString,
  resolveRepositoryOptions,
  type SqlParameters,
  shareRepository,
} from '@codebuddy/db-core/internal';
import { toCheckpoint, toCheckpointFile, toContent } from './rows.ts';
import { type CheckpointStatements, prepareStatements } from './statements.ts';

/**
 * Stores the state of files before an edit. Contents are stored once under their SHA-256, compressed. It touches no
 * file: `ProjectCheckpoints` saves and restores those of a folder.
 */
export class CheckpointRepository implements CheckpointStore {
  readonly #statements: CheckpointStatements;
  readonly #transaction: RunTransaction;
  readonly #now: () => string;
  readonly #generateId: () => string;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: RepositoryOptions = {}) {
    const { clock, generateId } = resolveRepositoryOptions(options, db);
    this.#now = () => clock.timestamp();
    this.#generateId = generateId;
    this.#statements = prepareStatements(db);
    this.#transaction = contextOf(db).transaction;
  }

  /** Stores a checkpoint with its files, all or nothing. */
  create(checkpoint: NewCheckpoint): Checkpoint {
    requireObject(checkpoint, 'checkpoint');
    const files = requireArray(checkpoint.files, 'files');
    for (const file of files) requireObject(file, 'files');
    const row = {
      id: requireString(checkpoint.id ?? this.#generateId(), 'id'),
      project_id: requireString(checkpoint.project_id, 'project_id'),
      project_path: optionalStringOrNull(checkpoint.project_path, 'project_path'),
      description: optionalStringOrNull(checkpoint.description, 'description'),
      created_at: this.#now(),
      file_count: files.length,
      total_size: files.reduce((sum, { content }) => sum + (content?.byteLength ?? 0), 0),
      metadata: encodeJsonObject(checkpoint.metadata, 'metadata'),
    };
    return this.#transaction('checkpoints.create', () => {
      this.#statements.insert.run(row);
      for (const file of files) this.#statements.insertFile.run(this.#fileRow(row.id, file));
      return toCheckpoint(row);
    });
  }

  /** Returns a checkpoint. */
  getById(id: string): Checkpoint | null {
    const row = this.#statements.read.get({ id });
    return row === undefined ? null : toCheckpoint(row);
  }

  /** Returns the checkpoints of a project, or all, the newest first. */
  find(filter: Page & { readonly projectId?: string | undefined } = {}): Checkpoint[] {
    return this.#statements.find
      .all({ projectId: requireObject(filter, 'filter').projectId ?? null, ...pageParameters(filter) })
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
   */
  getContent(hash: string): Uint8Array {
    const row = this.#statements.content.get({ hash });
    if (row === undefined) throw new NotFoundError('checkpoint content');
    return toContent(row);
  }

  /** Deletes a checkpoint and the contents that no other one needs, and tells whether it was there. */
  delete(id: string): boolean {
    return this.#transaction('checkpoints.delete', () => {
      if (this.#statements.delete.run({ id }).changes === 0) return false;
      this.#statements.deleteUnusedContents.run();
      return true;
    });
  }

  #fileRow(checkpointId: string, file: NewCheckpointFile): SqlParameters {
    if (file.content !== undefined && !(file.content instanceof Uint8Array))
      throw new InvalidInputError('content', 'expected bytes');
    return {
      checkpoint_id: checkpointId,
      file_path: requireString(file.file_path, 'file_path'),
      content_hash: file.content === undefined ? null : this.#storeContent(file.content),
      existed: file.content === undefined ? 0 : 1,
      mode: file.mode === undefined ? null : requireInteger(file.mode, 'mode', { min: 0, max: 0o7777 }),
    };
  }

  #storeContent(content: Uint8Array): string {
    const hash = hashContent(content);
    if (this.#statements.hasContent.get({ hash }) === undefined) {
      this.#statements.insertContent.run({ hash, size: content.byteLength, ...packContent(content) });
    }
    return hash;
  }
}

const shared = shareRepository((db) => new CheckpointRepository(db));

/** Returns the process's one repository, for the present connection of its `DatabaseManager`. */
export const getCheckpointRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetCheckpointRepository = shared.reset;
