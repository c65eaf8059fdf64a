import type { VectorSource } from '../../table-kit/vector-source.ts';

/** Where the vectors of entries are, and what searches ask of them. */
export const CACHE_VECTORS: VectorSource = {
  name: 'cache',
  table: 'cache',
  from: 'cache',
  key: 'id',
  vector: 'embedding',
  model: 'embedding_model',
  layout: 0,
  keyword: { category: 'category' },
  // A number that is above every instant stands for "never".
  numeric: { expires: "ifnull(unixepoch(expires_at, 'subsec'), 9e99)" },
};
