import type { Checkpoint, Database, NewCheckpoint, ProjectPlace } from '@codebuddy/db-core';
import { contextOf, type RunTransaction, randomId, read } from '@codebuddy/db-core/internal';
import type { CapturedState } from '../captured-state.ts';
import type { CheckpointWriter } from '../checkpoint-writer.ts';
import { encodeMetadata, type OwnMetadata } from '../metadata.ts';
import { toCheckpoint } from '../rows.ts';
import type { CheckpointStatements } from '../statements.ts';
import {
  type IntendedRestore,
  journalMetadata,
  type RestoreJournal,
  type Reversal,
  toJournal,
} from './restore-journal.ts';

/**
 * The restores of one project folder: the one that goes on, and those that can be taken back. Each is a checkpoint of the
 * state before it, whose metadata tell how far it has come; all processes that use the database agree by them.
 */
export class RestoreHistory {
  readonly #project: Record<keyof ProjectPlace, string>;
  readonly #statements: CheckpointStatements;
  readonly #writer: CheckpointWriter;
  readonly #transaction: RunTransaction;
  readonly #durableTransaction: RunTransaction;

  constructor(db: Database, statements: CheckpointStatements, writer: CheckpointWriter, project: ProjectPlace) {
    this.#project = { ...project };
    this.#statements = statements;
    this.#writer = writer;
    const { transaction, durableTransaction } = contextOf(db);
    this.#transaction = transaction;
    this.#durableTransaction = durableTransaction;
  }

  /** Returns a string that changes with each restore of the folder, or `undefined` while one goes on. */
  idleVersion(): string | undefined {
    if (this.#statements.newestOfKind.get({ ...this.#project, kind: 'restoring' }) !== undefined) return undefined;
    const newest = this.#statements.newestRestore.get(this.#project);
    return newest === undefined ? '' : read.text(newest, 'id');
  }

  /** Returns the restore that goes on or was interrupted. */
  unfinished(): RestoreJournal | undefined {
    const row = this.#statements.newestOfKind.get({ ...this.#project, kind: 'restoring' });
    return row === undefined ? undefined : toJournal(row);
  }

  /** Returns the checkpoint that `undo()` or `redo()` goes back to next. */
  next(reversal: Reversal): Checkpoint | undefined {
    const row = this.#statements.newestOfKind.get({ ...this.#project, kind: reversal });
    return row === undefined ? undefined : toCheckpoint(row);
  }

  /**
   * Stores the state before a restore, together with what is intended. Returns `undefined`, and stores nothing, if another
   * restore has begun since an {@link idleVersion}.
   */
  record(
    version: string,
    before: CapturedState & Pick<NewCheckpoint, 'description'>,
    intended: IntendedRestore,
  ): RestoreJournal | undefined {
    return this.#transaction('checkpoints.restore', (transaction) => {
      if (this.idleVersion() !== version) return undefined;
      const newest = this.#statements.newestRestore.get(this.#project);
      const sequence = newest === undefined ? 1 : read.number(newest, 'sequence') + 1;
      const { projectId, projectPath } = this.#project;
      const { id } = this.#writer.insert(
        { ...before, project_id: projectId, project_path: projectPath },
        journalMetadata(intended, { token: randomId(), isStarted: false, sequence }),
        transaction,
      );
      return toJournal(this.#statements.read.one({ id }));
    });
  }

  /**
   * Notes that files are about to be touched. Returns `undefined` if somebody else has ended the restore. This commit
   * survives a power cut, together with the state before that was stored ahead of it: what follows can't be undone without.
   */
  start(journal: RestoreJournal): RestoreJournal | undefined {
    const { checkpoint, token, sequence } = journal;
    return this.#durableTransaction('checkpoints.restore', () => {
      const own = journalMetadata(journal, { token, isStarted: true, sequence });
      return this.#write(journal, own) ? toJournal(this.#statements.read.one({ id: checkpoint.id })) : undefined;
    });
  }

  /**
   * Notes that a restore has ended, unless somebody else did.
   *
   * @param isComplete - whether the files are as they were wanted, and not as they were before
   */
  end(journal: RestoreJournal, isComplete: boolean): void {
    const { sequence, becomes, uses } = journal;
    this.#transaction('checkpoints.restore', () => {
      if (!this.#write(journal, { kind: isComplete ? becomes : 'used', sequence }) || !isComplete) return;
      if (uses === undefined) this.#statements.forgetRedo.run(this.#project);
      else this.use(uses);
    });
  }

  /** Notes that a checkpoint has been gone back to. */
  use(id: string): void {
    this.#statements.setKind.run({ id, kind: 'used' });
  }

  #write({ checkpoint, metadata }: RestoreJournal, own: OwnMetadata): boolean {
    const { id, metadata: given, absent_folders: absentFolders } = checkpoint;
    const encoded = encodeMetadata(given, { ...own, ...(absentFolders === undefined ? {} : { absentFolders }) });
    return this.#statements.setMetadata.run({ id, metadata: encoded, expected: metadata }).changes > 0;
  }
}
