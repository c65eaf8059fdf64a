import type { VectorSource } from '../../table-kit/vector-source.ts';

/** The source of the vectors of cache entries, and the attributes that searches filter by. */
export const CACHE_VECTORS: VectorSource = {
  name: 'cache',
  table: 'cache',
  from: 'cache',
  key: 'id',
  vector: 'embedding',
  model: 'embedding_model',
  keyword: { category: 'category' },
  // A number that is above every instant stands for "never".
  numeric: { expires: "ifnull(unixepoch(expires_at, 'subsec'), 9e99)" },
};
