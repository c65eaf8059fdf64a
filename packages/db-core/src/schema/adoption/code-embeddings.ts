import type { TableAdoption } from './table-adoption.ts';

/** Chunks of code. A row without a usable vector is of no use: the index makes it anew. */
export const codeEmbeddings: TableAdoption = {
  from: 'code_embeddings',
  to: 'code_embeddings',
  derived: ['id'],
  columns: (old) => ({
    project_id: old.name('project_id'),
    file_path: old.name('file_path'),
    chunk_index: old.count('chunk_index'),
    chunk_text: `ifnull(${old.text('chunk_text')}, '')`,
    chunk_hash: `ifnull(${old.text('chunk_hash')}, '')`,
    embedding: old.vector('embedding'),
    embedding_model: old.unknownModel('embedding'),
    symbol_type: old.text('symbol_type'),
    symbol_name: old.text('symbol_name'),
    start_line: old.integer('start_line'),
    end_line: old.integer('end_line'),
    language: old.text('language'),
    created_at: old.firstInstant('created_at', 'updated_at'),
    updated_at: old.firstInstant('updated_at', 'created_at'),
  }),
  rejects: (old) => ({
    'it names no project or file': `${old.name('project_id')} IS NULL OR ${old.name('file_path')} IS NULL`,
    'its embedding is not whole float32 numbers': `NOT ${old.isVector('embedding')}`,
  }),
  merge: 'ON CONFLICT (project_id, file_path, chunk_index) DO NOTHING',
};
