import type { Row } from '../../sql/prepared-statement.ts';
import * as read from '../../sql/row-readers.ts';
import { MEMORY_SCOPES, MEMORY_TYPES, type Memory } from './record.ts';

/** The columns of a memory, in the order of its properties. */
export const MEMORY_COLUMNS = [
  'id',
  'type',
  'scope',
  'user_id',
  'project_id',
  'content',
  'embedding',
  'embedding_model',
  'importance',
  'access_count',
  'created_at',
  'last_accessed',
  'expires_at',
  'superseded_by',
  'superseded_at',
  'metadata',
] as const;

/** Turns a row into a memory; what is NULL in the row is absent in the record. */
export function toMemory(row: Row): Memory {
  const memory: Memory = {
    id: read.text(row, 'id'),
    type: read.oneOf(row, 'type', MEMORY_TYPES),
    scope: read.oneOf(row, 'scope', MEMORY_SCOPES),
    content: read.text(row, 'content'),
    importance: read.number(row, 'importance'),
    access_count: read.number(row, 'access_count'),
    created_at: read.text(row, 'created_at'),
    last_accessed: read.text(row, 'last_accessed'),
  };
  const user = read.text(row, 'user_id');
  if (user !== '') memory.user_id = user;
  const embedding = read.optionalVector(row, 'embedding');
  if (embedding !== undefined) memory.embedding = embedding;
  for (const column of OPTIONAL_TEXTS) {
    const value = read.optionalText(row, column);
    if (value !== undefined) memory[column] = value;
  }
  const metadata = read.optionalJsonObject(row, 'metadata');
  if (metadata !== undefined) memory.metadata = metadata;
  return memory;
}

const OPTIONAL_TEXTS = [
  'project_id',
  'embedding_model',
  'expires_at',
  'superseded_by',
  'superseded_at',
] as const satisfies readonly (keyof Memory)[];
