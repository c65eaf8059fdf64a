import type { Domain } from '../../table-kit/domain.ts';
import { migrations } from './table.ts';

/** The tables that vector search derives from the vectors. */
export const vectorIndex: Domain = {
  migrations,
  tables: ['vector_spaces'],
  derived: [
    {
      tables: ['vector_spaces', 'vector_blocks', 'vector_folds'],
      sql: `DELETE FROM vector_blocks;
            DELETE FROM vector_spaces;
            UPDATE vector_folds SET folded = 0, trimmed = 0`,
    },
  ],
};
