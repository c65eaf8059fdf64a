import type { VectorSource } from '../../table-kit/vector-source.ts';

/** The source of the vectors of chunks, and the attributes that searches filter by. */
export const CODE_VECTORS: VectorSource = {
  name: 'code_chunks',
  table: 'code_contents',
  from: 'code_chunks AS k JOIN code_contents AS c ON c.id = k.content_id',
  key: 'k.id',
  vector: 'c.embedding',
  model: 'c.embedding_model',
  keyword: { project: 'k.project_id', symbolType: 'k.symbol_type', language: 'k.language' },
  numeric: {},
};
