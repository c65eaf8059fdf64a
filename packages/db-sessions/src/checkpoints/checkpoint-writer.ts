import { types } from 'node:util';
import {
  type Checkpoint,
  type Database,
  InvalidInputError,
  type NewCheckpoint,
  type NewCheckpointFile,
  type Redact,
} from '@codebuddy/db-core';
import {
  hashContent,
  optionalStringOrNull,
  packContent,
  redactionOf,
  redactText,
  requireArray,
  requireInteger,
  requireObject,
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
    const { kept, skipped } = this.#sort(checkpoint);
    const row = this.#checkpointRow({ ...checkpoint, files: kept }, skipped.length === 0 ? own : { ...own, skipped });
    this.#statements.insert.run(row);
    for (const file of kept) this.#statements.insertFile.run(this.#fileRow(row.id, file));
    return toCheckpoint(row);
  }

  /** Checks the files, and leaves those with secrets out if that is wanted. */
  #sort(checkpoint: NewCheckpoint): SortedFiles {
    const { files, secrets = 'keep' } = requireObject(checkpoint, 'checkpoint');
    for (const file of requireArray(files, 'files')) requireFile(file);
    if (requireOneOf(secrets, 'secrets', SECRET_FILES) === 'keep') return { kept: files, skipped: [] };
    return withoutSecrets(files, this.#redact);
  }

  #checkpointRow(checkpoint: NewCheckpoint, own: OwnMetadata) {
    const { files, absent_folders: absentFolders = [] } = checkpoint;
    for (const folder of requireArray(absentFolders, 'absent_folders')) requireString(folder, 'absent_folders');
    return {
      id: requireString(checkpoint.id ?? this.#generateId(), 'id'),
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

  #fileRow(checkpointId: string, { file_path, content, mode }: NewCheckpointFile): SqlParameters {
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

function requireFile(file: NewCheckpointFile): void {
  const { content, file_path: path } = requireObject(file, 'files');
  requireString(path, 'file_path');
  if (content !== undefined && !types.isUint8Array(content)) throw new InvalidInputError('content', 'expected bytes');
}
