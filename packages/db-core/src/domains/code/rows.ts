import { CorruptError } from '../../errors/index.ts';
import type { Row } from '../../sql/prepared-statement.ts';
import * as read from '../../sql/row-readers.ts';
import type { CodeEmbedding } from './record.ts';

/** The columns of a chunk, in the order of its properties. */
export const CHUNK_COLUMNS = [
  'id',
  'project_id',
  'file_path',
  'chunk_index',
  'chunk_text',
  'chunk_hash',
  'embedding',
  'embedding_model',
  'symbol_type',
  'symbol_name',
  'start_line',
  'end_line',
  'language',
  'created_at',
  'updated_at',
] as const;

/** Turns a row into a chunk; what is NULL in the row is absent in the record. */
export function toCodeEmbedding(row: Row): CodeEmbedding {
  const embedding = read.optionalVector(row, 'embedding');
  if (embedding === undefined)
    throw new CorruptError("A chunk's vector is damaged. Check the integrity of the database.");
  const chunk: CodeEmbedding = {
    id: read.number(row, 'id'),
    project_id: read.text(row, 'project_id'),
    file_path: read.text(row, 'file_path'),
    chunk_index: read.number(row, 'chunk_index'),
    chunk_text: read.text(row, 'chunk_text'),
    chunk_hash: read.text(row, 'chunk_hash'),
    embedding,
    created_at: read.text(row, 'created_at'),
    updated_at: read.text(row, 'updated_at'),
  };
  for (const column of ['embedding_model', 'symbol_type', 'symbol_name', 'language'] as const) {
    const value = read.optionalText(row, column);
    if (value !== undefined) chunk[column] = value;
  }
  for (const column of ['start_line', 'end_line'] as const) {
    const value = read.optionalNumber(row, column);
    if (value !== undefined) chunk[column] = value;
  }
  return chunk;
}
