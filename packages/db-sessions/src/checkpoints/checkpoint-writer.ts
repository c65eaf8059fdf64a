import { types } from 'node:util';
import {
  type Checkpoint,
  type CheckpointFile,
  type Database,
  InvalidInputError,
  type NewCheckpoint,
  type NewCheckpointFile,
  type Redact,
} from '@codebuddy/db-core';
import {
  type Given,
  hashContent,
  type NamesOf,
  optionalStringOrNull,
  packContent,
  readRecord,
  redactionOf,
  redactText,
  requireArray,
  requireInteger,
  requireKey,
  requireOneOf,
  requireString,
  SECRET_FILES,
  type SqlParameters,
  type SqlValue,
  type Transaction,
} from '@codebuddy/db-core/internal';
import { encodeMetadata, type OwnMetadata } from './metadata.ts';
import { isWhole, toCheckpoint } from './rows.ts';
import { type SortedFiles, withoutSecrets } from './secret-files.ts';
import type { CheckpointStatements } from './statements.ts';

const NEW_NAMES: NamesOf<NewCheckpoint> = {
  id: true,
  project_id: true,
  project_path: true,
  description: true,
  metadata: true,
  files: true,
  absent_folders: true,
  secrets: true,
};

/** The fields of a checkpoint that its author does not set. */
const OWN_NAMES: NamesOf<Omit<Checkpoint, keyof NewCheckpoint>> = {
  created_at: true,
  file_count: true,
  total_size: true,
  kind: true,
  skipped_files: true,
};

const NEW_FILE_NAMES: NamesOf<NewCheckpointFile> = { file_path: true, content: true, mode: true };

const OWN_FILE_NAMES: NamesOf<Omit<CheckpointFile, keyof NewCheckpointFile>> = {
  id: true,
  checkpoint_id: true,
  content_hash: true,
  existed: true,
};

/** Inserts checkpoints with their files and contents. */
export class CheckpointWriter {
  readonly #statements: CheckpointStatements;
  readonly #now: () => string;
  readonly #generateId: () => string;
  readonly #redact: Redact | undefined;

  constructor(db: Database, statements: CheckpointStatements, now: () => string, generateId: () => string) {
    this.#statements = statements;
    this.#now = now;
    this.#generateId = generateId;
    this.#redact = redactionOf(db);
  }

  /** @param own - what the checkpoint keeps for itself beside the caller's metadata */
  insert(checkpoint: NewCheckpoint, own: OwnMetadata, _: Transaction): Checkpoint {
    const given = readRecord(checkpoint, NEW_NAMES, OWN_NAMES, 'checkpoint');
    const { kept, skipped } = this.#sort(given);
    const row = this.#checkpointRow({ ...given, files: kept }, skipped.length === 0 ? own : { ...own, skipped });
    this.#statements.insert.run(row);
    for (const file of kept) this.#statements.insertFile.run(this.#fileRow(row.id, file));
    return toCheckpoint(row);
  }

  /** Checks the files, and leaves those with secrets out if that is wanted. */
  #sort({ files: given, secrets = 'keep' }: Given<NewCheckpoint>): SortedFiles {
    const files = requireArray(given, 'files').map(readFile);
    if (requireOneOf(secrets, 'secrets', SECRET_FILES) === 'keep') return { kept: files, skipped: [] };
    return withoutSecrets(files, this.#redact);
  }

  #checkpointRow(checkpoint: Given<NewCheckpoint>, own: OwnMetadata) {
    const { files, absent_folders: absentFolders = [] } = checkpoint;
    for (const folder of requireArray(absentFolders, 'absent_folders')) requireString(folder, 'absent_folders');
    return {
      id: requireKey(checkpoint.id ?? this.#generateId(), 'id'),
      project_id: requireString(checkpoint.project_id, 'project_id'),
      project_path: optionalStringOrNull(checkpoint.project_path, 'project_path'),
      description: redactText(optionalStringOrNull(checkpoint.description, 'description'), this.#redact),
      created_at: this.#now(),
      file_count: files.length,
      total_size: files.reduce((sum, { content }) => sum + (content?.byteLength ?? 0), 0),
      metadata: encodeMetadata(
        checkpoint.metadata,
        { ...own, ...(absentFolders.length === 0 ? {} : { absentFolders }) },
        this.#redact,
      ),
    } satisfies Record<string, SqlValue>;
  }

  #fileRow(checkpointId: string, { file_path, content, mode }: Given<NewCheckpointFile>): SqlParameters {
    return {
      checkpoint_id: checkpointId,
      file_path: requireString(file_path, 'file_path'),
      content_hash: content === undefined ? null : this.#storeContent(content),
      existed: content === undefined ? 0 : 1,
      mode: mode === undefined ? null : requireInteger(mode, 'mode', { min: 0, max: 0o7777 }),
    };
  }

  #storeContent(content: Uint8Array): string {
    const hash = hashContent(content);
    const stored = this.#statements.content.get({ hash });
    // A content that was damaged since it was stored is of use to nobody, and can be mended now.
    if (stored === undefined || !isWhole(stored))
      this.#statements.storeContent.run({ hash, size: content.byteLength, ...packContent(content) });
    return hash;
  }
}

function readFile(file: NewCheckpointFile): Given<NewCheckpointFile> {
  const given = readRecord(file, NEW_FILE_NAMES, OWN_FILE_NAMES, 'files');
  requireString(given.file_path, 'file_path');
  const { content } = given;
  if (content !== undefined && !types.isUint8Array(content)) throw new InvalidInputError('content', 'expected bytes');
  return given;
}
