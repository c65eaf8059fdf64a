import type { Domain } from '../../table-kit/domain.ts';
import { legacy } from './legacy.ts';
import { migrations } from './table.ts';
import { CODE_VECTORS } from './vector-source.ts';

/** The semantic index of code. */
export const code: Domain = {
  migrations,
  tables: ['code_chunks', 'code_contents', 'indexed_files', 'embedding_cache'],
  counted: { table: 'code_chunks', name: 'embeddingsCount', label: 'Code embeddings' },
  vectors: CODE_VECTORS,
  derived: [
    {
      tables: ['full_text_bounds'],
      sql: `INSERT OR REPLACE INTO full_text_bounds (source, indexed_to) VALUES ('code_contents', 0x7fffffffffffffff)`,
    },
  ],
  legacy,
};
