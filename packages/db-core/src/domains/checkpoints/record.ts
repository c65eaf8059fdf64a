import type { JsonObject } from '../../codecs/json.ts';

/** The kinds of checkpoints, as {@link CheckpointKind} describes them. */
export const CHECKPOINT_KINDS = ['saved', 'restoring', 'undo', 'redo', 'used'] as const;

/**
 * The purpose of a checkpoint. `saved` ones were asked for; the others hold the state before a restore: `restoring` while
 * it goes on or after it was interrupted, `undo` for `undo()`, `redo` for `redo()`, and `used` once that was done, or when
 * the restore had come to nothing.
 */
export type CheckpointKind = (typeof CHECKPOINT_KINDS)[number];

/** The ways to treat files that hold secrets. */
export const SECRET_FILES = ['keep', 'skip'] as const;

/** The way to treat files that hold secrets: they are saved as they are (`keep`), or left out and listed (`skip`). */
export type SecretFiles = (typeof SECRET_FILES)[number];

/** The state of some files of a project, saved before an edit. */
export interface Checkpoint {
  id: string;
  project_id: string;
  /** The folder it was made for; it is restored there only. Absent on checkpoints of older programs. */
  project_path?: string;
  description?: string;
  created_at: string;
  file_count: number;
  /** Bytes of all contents, before compression. */
  total_size: number;
  metadata?: JsonObject;
  /** Absent on those that were asked for. */
  kind?: CheckpointKind;
  /** Folders that did not exist: restoring removes them again, once they are empty. */
  absent_folders?: readonly string[];
  /** Files that were left out since they hold secrets: restoring leaves them as they are. */
  skipped_files?: readonly string[];
}

/** One file of a checkpoint. */
export interface CheckpointFile {
  id: number;
  checkpoint_id: string;
  /** Relative to the project folder, with `/` between its parts. */
  file_path: string;
  /** Present if the call asked for contents and the file existed. */
  content?: Uint8Array;
  /** SHA-256 of the content, in hexadecimal. */
  content_hash?: string;
  /** `false` if there was no such file: restoring removes it. */
  existed: boolean;
  /** The permission bits, such as 0o755. */
  mode?: number;
}
