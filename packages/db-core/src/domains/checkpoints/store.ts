import type { JsonObject } from '../../codecs/json.ts';
import type { Page } from '../../sql/filter.ts';
import type { Checkpoint, CheckpointFile } from './record.ts';

/** The state of a file to keep. */
export interface NewCheckpointFile {
  /** Relative to the project folder, with `/` between its parts. */
  readonly file_path: string;
  /** Absent where there is no such file: restoring then removes it. */
  readonly content?: Uint8Array | undefined;
  /** The permission bits, such as 0o755. */
  readonly mode?: number | undefined;
}

/** A checkpoint to keep. */
export interface NewCheckpoint {
  /** Default: a new random id. */
  readonly id?: string | undefined;
  readonly project_id: string;
  /** The folder it is made for; restoring never writes outside it. */
  readonly project_path?: string | undefined;
  readonly description?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly files: readonly NewCheckpointFile[];
}

/** Stores the state of files. `CheckpointRepository` of `@codebuddy/db-sessions` is one. */
export interface CheckpointStore {
  create(checkpoint: NewCheckpoint): Checkpoint;
  getById(id: string): Checkpoint | null;
  find(filter?: Page & { readonly projectId?: string | undefined }): Checkpoint[];
  getFiles(checkpointId: string): CheckpointFile[];
  getContent(hash: string): Uint8Array;
  delete(id: string): boolean;
}
