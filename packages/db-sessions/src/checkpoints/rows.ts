import { type Checkpoint, type CheckpointFile, CorruptError, hasErrorCode } from '@codebuddy/db-core';
import { CONTENT_ENCODINGS, hashContent, type Row, read, unpackContent } from '@codebuddy/db-core/internal';
import { splitMetadata } from './metadata.ts';

/** Turns a row into a checkpoint; what is NULL in the row is absent in the record. */
export function toCheckpoint(row: Row): Checkpoint {
  const checkpoint: Checkpoint = {
    id: read.text(row, 'id'),
    project_id: read.text(row, 'project_id'),
    created_at: read.text(row, 'created_at'),
    file_count: read.number(row, 'file_count'),
    total_size: read.number(row, 'total_size'),
  };
  for (const column of ['project_path', 'description'] as const) {
    const value = read.optionalText(row, column);
    if (value !== undefined) checkpoint[column] = value;
  }
  const metadata = read.optionalJsonObject(row, 'metadata');
  if (metadata === undefined) return checkpoint;
  const { given, own } = splitMetadata(metadata);
  if (given !== undefined) checkpoint.metadata = given;
  if (own.kind !== undefined) checkpoint.kind = own.kind;
  if (own.absentFolders !== undefined) checkpoint.absent_folders = own.absentFolders;
  if (own.skipped !== undefined) checkpoint.skipped_files = own.skipped;
  return checkpoint;
}

/** Turns a row into a file of a checkpoint, without its content. */
export function toCheckpointFile(row: Row): CheckpointFile {
  const file: CheckpointFile = {
    id: read.number(row, 'id'),
    checkpoint_id: read.text(row, 'checkpoint_id'),
    file_path: read.text(row, 'file_path'),
    existed: read.flag(row, 'existed'),
  };
  const hash = read.optionalText(row, 'content_hash');
  if (hash !== undefined) file.content_hash = hash;
  const mode = read.optionalNumber(row, 'mode');
  if (mode !== undefined) file.mode = mode;
  return file;
}

/**
 * Turns a row of `checkpoint_contents` into the content.
 *
 * @throws CorruptError when it is not the content that its hash stands for
 */
export function toContent(row: Row): Uint8Array {
  const hash = read.text(row, 'hash');
  const content = unpackContent(read.oneOf(row, 'encoding', CONTENT_ENCODINGS), read.bytes(row, 'data'));
  if (hashContent(content) === hash) return content;
  throw new CorruptError('A stored content is damaged. Restore the database from a backup.');
}

/** Returns whether a row of `checkpoint_contents` still holds the content that its hash stands for. */
export function isWhole(row: Row): boolean {
  try {
    toContent(row);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'DB_CORRUPT')) return false;
    throw error;
  }
}
