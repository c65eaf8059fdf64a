import type { Page } from '../../sql/filter.ts';
import type { Checkpoint, CheckpointFile, CheckpointKind, SecretFiles } from './record.ts';

/** The state of a file to keep. */
export interface NewCheckpointFile {
  /** Relative to the project folder, with `/` between its parts. */
  readonly file_path: string;
  /** Absent if there is no such file: restoring then removes it. */
  readonly content?: Uint8Array | null | undefined;
  /** The permission bits, such as 0o755. */
  readonly mode?: number | null | undefined;
}

/** A checkpoint to keep. */
export interface NewCheckpoint {
  /** Default: a new random id. */
  readonly id?: string | null | undefined;
  readonly project_id: string;
  /** The folder it is made for: it can be restored there only. */
  readonly project_path?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly files: readonly NewCheckpointFile[];
  /** Folders that do not exist: restoring removes them again, once they are empty. Relative to the project folder. */
  readonly absent_folders?: readonly string[] | null | undefined;
  /**
   * Whether files that hold secrets are kept. A file holds one if the connection's `redact`, or `redactSecrets`, would change it.
   * Default: `keep`.
   */
  readonly secrets?: SecretFiles | null | undefined;
}

/** A choice of checkpoints. */
export interface CheckpointFilter extends Page {
  readonly projectId?: string | null | undefined;
  /** Default: all kinds. */
  readonly kind?: CheckpointKind | null | undefined;
}

/** Checkpoints that are to be bound to another project or folder. */
export interface CheckpointOrigin {
  readonly projectId: string;
  /** As `Checkpoint.project_path` has it. Default: any folder, or none. */
  readonly projectPath?: string | null | undefined;
}

/** A project, and the folder that it lies in. */
export interface ProjectPlace {
  readonly projectId: string;
  readonly projectPath: string;
}

/** Stores the state of files. `CheckpointRepository` of `@codebuddy/db-sessions` is one. */
export interface CheckpointStore {
  create(checkpoint: NewCheckpoint): Checkpoint;
  getById(id: string): Checkpoint | null;
  find(filter?: CheckpointFilter): Checkpoint[];
  getFiles(checkpointId: string): CheckpointFile[];
  getContent(hash: string): Uint8Array;
  delete(id: string): boolean;
  rebind(from: CheckpointOrigin, to: ProjectPlace): number;
}
