import type { JsonObject } from '../../codecs/json.ts';

/** The state of some files of a project, saved before an edit. */
export interface Checkpoint {
  id: string;
  project_id: string;
  /** The folder it was made for; restoring never writes outside it. Absent on checkpoints of older programs. */
  project_path?: string;
  description?: string;
  created_at: string;
  file_count: number;
  /** Bytes of all contents, before compression. */
  total_size: number;
  metadata?: JsonObject;
}

/** One file of a checkpoint. */
export interface CheckpointFile {
  id: number;
  checkpoint_id: string;
  /** Relative to the project folder, with `/` between its parts. */
  file_path: string;
  /** Present where the call asked for contents and the file existed. */
  content?: Uint8Array;
  /** SHA-256 of the content, in hexadecimal. */
  content_hash?: string;
  /** Whether the file existed; restoring removes a file that did not. */
  existed: boolean;
  /** The permission bits, such as 0o755. */
  mode?: number;
}
