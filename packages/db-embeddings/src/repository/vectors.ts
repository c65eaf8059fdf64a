import type { Condition, VectorSource } from '@codebuddy/db-core';
import type { ChunkFilter } from './search.ts';

/** Where the vectors of chunks are, and what searches ask of them. */
export const CODE_VECTORS: VectorSource = {
  name: 'code_chunks',
  table: 'code_contents',
  from: 'code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id',
  key: 'k.id',
  vector: 'c.embedding',
  model: 'c.embedding_model',
  words: { project: 'k.project_id', symbolType: 'k.symbol_type', language: 'k.language' },
  numbers: {},
};

/** Says of vectors what a filter says of chunks; file and symbol aside. */
export function vectorConditions({ projectId, symbolType, language }: ChunkFilter): Condition[] {
  const given: [word: string, value: string | undefined][] = [
    ['project', projectId],
    ['symbolType', symbolType],
    ['language', language],
  ];
  return given.flatMap(([word, value]) => (value === undefined ? [] : [{ word, oneOf: [value] }]));
}
