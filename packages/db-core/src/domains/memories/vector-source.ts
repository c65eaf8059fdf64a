import type { VectorSource } from '../../table-kit/vector-source.ts';

/** The source of the vectors of memories, and the attributes that searches filter by. */
export const MEMORY_VECTORS: VectorSource = {
  name: 'memories',
  table: 'memories',
  from: 'memories AS m',
  key: 'm.seq',
  vector: 'm.embedding',
  model: 'm.embedding_model',
  keyword: { type: 'm.type', scope: 'm.scope', user: 'm.user_id', project: 'm.project_id' },
  numeric: {
    importance: 'm.importance',
    // A number that is above every instant stands for "never".
    expires: "ifnull(unixepoch(m.expires_at, 'subsec'), 9e99)",
    current: 'm.superseded_at IS NULL',
  },
};
