import type { VectorSource } from '../../table-kit/vector-source.ts';

/** Where the vectors of chunks are, and what searches ask of them. */
export const CODE_VECTORS: VectorSource = {
  name: 'code_chunks',
  table: 'code_contents',
  from: 'code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id',
  key: 'k.id',
  vector: 'c.embedding',
  model: 'c.embedding_model',
  layout: 0,
  keyword: { project: 'k.project_id', symbolType: 'k.symbol_type', language: 'k.language' },
  numeric: {},
};
