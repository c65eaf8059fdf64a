import type { NewCodeEmbedding, Redact } from '@codebuddy/db-core';
import {
  chunkContentHash,
  encodeVector,
  hashContent,
  identifierWords,
  optionalStringOrNull,
  redactText,
  requireInteger,
  requireObject,
  requireString,
  type SqlParameters,
  UNKNOWN_MODEL,
} from '@codebuddy/db-core/internal';

/** A string with its vector, as it is stored once. */
export type ContentRow = SqlParameters & { readonly hash: Uint8Array; readonly embedding: Uint8Array };

/** A chunk as its two rows: its content, which other chunks may share, and its place. */
export interface ChunkRows {
  readonly content: ContentRow;
  readonly place: SqlParameters;
}

/**
 * Checks a chunk and returns the values of its columns.
 *
 * @param redact - takes secrets out of the text; its hash stays that of the text as it was given
 */
export function chunkRows(chunk: NewCodeEmbedding, now: string, redact: Redact | undefined): ChunkRows {
  requireObject(chunk, 'chunk');
  const given = optionalStringOrNull(chunk.chunk_text, 'chunk_text') ?? '';
  const text = redactText(given, redact);
  const embedding = encodeVector(chunk.embedding);
  const model = requireString(chunk.embedding_model ?? UNKNOWN_MODEL, 'embedding_model');
  const line = (value: number | undefined, field: string) =>
    value === undefined ? null : requireInteger(value, field, { min: 0 });
  return {
    content: {
      hash: chunkContentHash(text, model, embedding),
      text,
      identifiers: identifierWords(text),
      embedding,
      embedding_model: model,
    },
    place: {
      project_id: requireString(chunk.project_id, 'project_id'),
      file_path: requireString(chunk.file_path, 'file_path'),
      chunk_index: requireInteger(chunk.chunk_index, 'chunk_index', { min: 0 }),
      chunk_hash:
        chunk.chunk_hash === undefined
          ? hashContent(Buffer.from(given))
          : requireString(chunk.chunk_hash, 'chunk_hash'),
      symbol_type: optionalStringOrNull(chunk.symbol_type, 'symbol_type'),
      symbol_name: optionalStringOrNull(chunk.symbol_name, 'symbol_name'),
      start_line: line(chunk.start_line, 'start_line'),
      end_line: line(chunk.end_line, 'end_line'),
      language: optionalStringOrNull(chunk.language, 'language'),
      now,
    },
  };
}
