import type { CodeEmbedding, NewCodeEmbedding, Redact } from '@codebuddy/db-core';
import {
  chunkContentHash,
  encodeVector,
  hashContent,
  identifierWords,
  type NamesOf,
  optionalStringOrNull,
  readRecord,
  redactText,
  requireInteger,
  requireString,
  type SqlParameters,
  UNKNOWN_MODEL,
} from '@codebuddy/db-core/internal';

const NEW_NAMES: NamesOf<NewCodeEmbedding> = {
  project_id: true,
  file_path: true,
  chunk_index: true,
  chunk_text: true,
  chunk_hash: true,
  embedding: true,
  embedding_model: true,
  symbol_type: true,
  symbol_name: true,
  start_line: true,
  end_line: true,
  language: true,
};

/** The fields of a chunk that its author does not set. */
const OWN_NAMES: NamesOf<Omit<CodeEmbedding, keyof NewCodeEmbedding>> = {
  id: true,
  created_at: true,
  updated_at: true,
};

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
  const given = readRecord(chunk, NEW_NAMES, OWN_NAMES, 'chunk');
  const original = optionalStringOrNull(given.chunk_text, 'chunk_text') ?? '';
  const text = redactText(original, redact);
  const embedding = encodeVector(given.embedding);
  const model = requireString(given.embedding_model ?? UNKNOWN_MODEL, 'embedding_model');
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
      project_id: requireString(given.project_id, 'project_id'),
      file_path: requireString(given.file_path, 'file_path'),
      chunk_index: requireInteger(given.chunk_index, 'chunk_index', { min: 0 }),
      chunk_hash:
        given.chunk_hash === undefined
          ? hashContent(Buffer.from(original))
          : requireString(given.chunk_hash, 'chunk_hash'),
      symbol_type: optionalStringOrNull(given.symbol_type, 'symbol_type'),
      symbol_name: optionalStringOrNull(given.symbol_name, 'symbol_name'),
      start_line: line(given.start_line, 'start_line'),
      end_line: line(given.end_line, 'end_line'),
      language: optionalStringOrNull(given.language, 'language'),
      now,
    },
  };
}
