import { IDENTIFIERS } from '../../table-kit/content-functions.ts';
import type { LegacyColumns } from '../../table-kit/legacy-columns.ts';
import type { LegacyTables, TableUpgrade } from '../../table-kit/legacy-tables.ts';
import { CHUNK_CONTENT_HASH, registerChunkContentHash } from './chunk-content.ts';

const text = (old: LegacyColumns) => `ifnull(${old.text('chunk_text')}, '')`;

const contentHash = (old: LegacyColumns) => `${CHUNK_CONTENT_HASH}(${text(old)}, ${old.raw('embedding')})`;

/** The contents of chunks: each text with its vector once. */
const codeContents: TableUpgrade = {
  from: 'code_embeddings',
  to: 'code_contents',
  companion: true,
  only: (old) => old.isVector('embedding'),
  columns: (old) => ({
    hash: contentHash(old),
    text: text(old),
    identifiers: `${IDENTIFIERS}(${text(old)})`,
    embedding: old.raw('embedding'),
    embedding_model: old.unknownModel('embedding'),
  }),
  merge: 'ON CONFLICT (hash) DO NOTHING',
};

/** Chunks of code, pointing to their contents. A row without a usable vector is of no use: the index makes it anew. */
const codeChunks: TableUpgrade = {
  from: 'code_embeddings',
  to: 'code_chunks',
  columns: (old) => ({
    id: old.rowid('id'),
    project_id: old.name('project_id'),
    file_path: old.name('file_path'),
    chunk_index: old.raw('chunk_index'),
    chunk_hash: `ifnull(${old.text('chunk_hash')}, '')`,
    content_id: `(SELECT id FROM code_contents WHERE hash = ${contentHash(old)})`,
    symbol_type: old.text('symbol_type'),
    symbol_name: old.text('symbol_name'),
    start_line: old.integer('start_line'),
    end_line: old.integer('end_line'),
    language: old.text('language'),
    created_at: old.firstInstant('created_at', 'updated_at'),
    updated_at: old.firstInstant('updated_at', 'created_at'),
  }),
  rejects: (old) => ({
    'its chunk_index is not a count': `typeof(${old.raw('chunk_index')}) <> 'integer' OR ${old.raw('chunk_index')} < 0`,
    'it names no project or file': `${old.name('project_id')} IS NULL OR ${old.name('file_path')} IS NULL`,
    'its embedding is not whole float32 numbers': `NOT ${old.isVector('embedding')}`,
  }),
  identity: ['project_id', 'file_path', 'chunk_index'],
  merge: 'ON CONFLICT (project_id, file_path, chunk_index) DO NOTHING',
};

/** The tables that earlier releases kept this subject in. */
export const legacy: LegacyTables = {
  required: {
    code_embeddings: ['project_id', 'file_path', 'chunk_index', 'embedding'],
  },
  upgrades: [codeContents, codeChunks],
  registerFunctions: registerChunkContentHash,
};
