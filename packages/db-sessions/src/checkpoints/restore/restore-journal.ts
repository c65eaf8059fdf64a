import { type Checkpoint, CorruptError } from '@codebuddy/db-core';
import { decodeJsonObject, isPlainObject, type Row, read } from '@codebuddy/db-core/internal';
import type { FileState } from '../file-state.ts';
import { type OwnMetadata, splitMetadata } from '../metadata.ts';
import { toCheckpoint } from '../rows.ts';

/** The calls by which a restore is taken back, or made once more. */
export type Reversal = 'undo' | 'redo';

/** The intention of a restore. */
export interface IntendedRestore {
  /** The call that the checkpoint of the state before will serve. */
  readonly becomes: Reversal;
  /** The checkpoint that `undo()` or `redo()` goes back to, and uses up. */
  readonly uses?: string;
  /** The state of each path that is to be brought about. */
  readonly wanted: ReadonlyMap<string, FileState>;
}

/** A restore that goes on or was interrupted, as the metadata of the checkpoint of the state before tells. */
export interface RestoreJournal extends IntendedRestore {
  /** The checkpoint of the state before. */
  readonly checkpoint: Checkpoint;
  /** A part of the names of the files that the restore makes for itself. */
  readonly token: string;
  /** Whether files may have been touched. */
  readonly isStarted: boolean;
  /** The place in the order of the project's restores. */
  readonly sequence: number;
  /** The whole column: another text once somebody has written it. */
  readonly metadata: string;
}

/** A token becomes a part of the names of files. */
const PART_OF_A_NAME = /^[\w-]{1,64}$/;

/** Returns what the metadata tell while a restore goes on. */
export function journalMetadata(
  { becomes, uses, wanted }: IntendedRestore,
  progress: Pick<RestoreJournal, 'token' | 'isStarted' | 'sequence'>,
): OwnMetadata {
  return { kind: 'restoring', becomes, uses, wanted: Object.fromEntries(wanted), ...progress };
}

/**
 * Turns the row of a checkpoint into the journal that its metadata hold.
 *
 * @throws CorruptError when they hold none
 */
export function toJournal(row: Row): RestoreJournal {
  const metadata = read.text(row, 'metadata');
  const { becomes, uses, wanted, token, isStarted, sequence } = splitMetadata(decodeJsonObject(metadata)).own;
  const checkpoint = toCheckpoint(row);
  const isJournal =
    (becomes === 'undo' || becomes === 'redo') &&
    (uses === undefined || typeof uses === 'string') &&
    typeof token === 'string' &&
    PART_OF_A_NAME.test(token) &&
    typeof sequence === 'number' &&
    isPlainObject(wanted);
  if (!isJournal) {
    throw new CorruptError(
      `Checkpoint ${checkpoint.id} can't be understood as an interrupted restore. Delete it to leave the files as they are.`,
    );
  }
  return {
    checkpoint,
    becomes,
    ...(uses === undefined ? {} : { uses }),
    wanted: new Map(Object.entries(wanted).map(([path, state]) => [path, toState(state)])),
    token,
    isStarted: isStarted === true,
    sequence,
    metadata,
  };
}

function toState(value: unknown): FileState {
  if (!isPlainObject(value) || typeof value['hash'] !== 'string') return {};
  const { hash, mode } = value;
  return typeof mode === 'number' ? { hash, mode } : { hash };
}
