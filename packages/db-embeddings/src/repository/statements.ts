import type { Database } from '@codebuddy/db-core';
import { CHUNK_COLUMNS, contextOf } from '@codebuddy/db-core/internal';

const COLUMNS = CHUNK_COLUMNS.join(', ');
const PLACE = ['project_id', 'file_path', 'chunk_index'];
const DETAILS = ['chunk_hash', 'content_id', 'symbol_type', 'symbol_name', 'start_line', 'end_line', 'language'];

/** Prepares every fixed statement on chunks of code. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `embeddings.${operation}`);
  return {
    insertContent: prepare(
      'upsert',
      `INSERT INTO code_contents (hash, text, identifiers, embedding, embedding_model)
       VALUES (@hash, @text, @identifiers, @embedding, @embedding_model) ON CONFLICT (hash) DO NOTHING`,
    ),
    deferFullText: prepare(
      'bulkUpsert',
      `UPDATE full_text_bounds SET indexed_to = ifnull((SELECT max(id) FROM code_contents), 0)
       WHERE source = 'code_contents'`,
    ),
    indexFullText: prepare(
      'bulkUpsert',
      `INSERT INTO code_contents_fts (rowid, text, identifiers)
       SELECT id, text, identifiers FROM code_contents
       WHERE id > (SELECT indexed_to FROM full_text_bounds WHERE source = 'code_contents')`,
    ),
    indexAtOnce: prepare(
      'bulkUpsert',
      "UPDATE full_text_bounds SET indexed_to = 0x7fffffffffffffff WHERE source = 'code_contents'",
    ),
    // A model gives a string one vector: should it give another one now, the newer counts.
    renewVector: prepare(
      'upsert',
      'UPDATE code_contents SET embedding = @embedding WHERE hash = @hash AND embedding <> @embedding',
    ),
    upsert: prepare(
      'upsert',
      `INSERT INTO code_chunks (${[...PLACE, ...DETAILS].join(', ')}, created_at, updated_at)
       VALUES (${[...PLACE, ...DETAILS].map((column) => `@${column}`).join(', ')}, @now, @now)
       ON CONFLICT (project_id, file_path, chunk_index) DO UPDATE SET
         ${DETAILS.map((column) => `${column} = excluded.${column}`).join(', ')}, updated_at = excluded.updated_at`,
    ),
    byPlace: prepare(
      'upsert',
      `SELECT ${COLUMNS} FROM code_embeddings
       WHERE project_id = @project_id AND file_path = @file_path AND chunk_index = @chunk_index`,
    ),
    byId: prepare('getById', `SELECT ${COLUMNS} FROM code_embeddings WHERE id = @id`),

    deleteForFile: prepare(
      'deleteForFile',
      'DELETE FROM code_chunks WHERE project_id = @projectId AND file_path = @filePath AND chunk_index >= @from',
    ),
    deleteForProject: prepare('deleteForProject', 'DELETE FROM code_chunks WHERE project_id = @projectId'),
    deleteStale: prepare(
      'deleteStale',
      `DELETE FROM code_chunks
       WHERE project_id = @projectId AND file_path NOT IN (SELECT value FROM json_each(@existing))`,
    ),

    fileHash: prepare(
      'needsReindex',
      'SELECT content_hash FROM indexed_files WHERE project_id = @projectId AND file_path = @filePath',
    ),
    rememberFile: prepare(
      'markIndexed',
      `INSERT INTO indexed_files (project_id, file_path, content_hash, indexed_at)
       VALUES (@projectId, @filePath, @contentHash, @now)
       ON CONFLICT (project_id, file_path) DO UPDATE SET content_hash = excluded.content_hash, indexed_at = excluded.indexed_at`,
    ),
    forgetFile: prepare(
      'deleteForFile',
      'DELETE FROM indexed_files WHERE project_id = @projectId AND file_path = @filePath',
    ),
    forgetProject: prepare('deleteForProject', 'DELETE FROM indexed_files WHERE project_id = @projectId'),
    forgetStale: prepare(
      'deleteStale',
      `DELETE FROM indexed_files
       WHERE project_id = @projectId AND file_path NOT IN (SELECT value FROM json_each(@existing))`,
    ),

    statistics: prepare(
      'getStats',
      `SELECT count(*) AS chunks, count(DISTINCT project_id || char(0) || file_path) AS files FROM code_chunks
       WHERE @projectId IS NULL OR project_id = @projectId`,
    ),
    byLanguage: prepare(
      'getStats',
      `SELECT ifnull(language, 'unknown') AS name, count(*) AS chunks FROM code_chunks
       WHERE @projectId IS NULL OR project_id = @projectId GROUP BY 1 ORDER BY 1`,
    ),
    bySymbolType: prepare(
      'getStats',
      `SELECT ifnull(symbol_type, 'unknown') AS name, count(*) AS chunks FROM code_chunks
       WHERE @projectId IS NULL OR project_id = @projectId GROUP BY 1 ORDER BY 1`,
    ),
    readCached: prepare('cache', 'SELECT embedding FROM embedding_cache WHERE content_hash = @hash AND model = @model'),
    readIndexed: prepare('cache', 'SELECT embedding FROM code_contents WHERE hash = @hash'),
    pruneCache: prepare('pruneVectorCache', 'DELETE FROM embedding_cache WHERE created_at < @before'),
    dropCached: prepare('replaceFile', 'DELETE FROM embedding_cache WHERE content_hash = @hash AND model = @model'),
    contentsWithout: prepare(
      'reembed',
      `SELECT id, text FROM code_contents WHERE embedding_model <> @model AND id > @after ORDER BY id LIMIT @limit`,
    ),
    countWithout: prepare('reembed', 'SELECT count(*) AS contents FROM code_contents WHERE embedding_model <> @model'),
    sameContent: prepare('reembed', 'SELECT id FROM code_contents WHERE hash = @hash'),
    moveChunks: prepare('reembed', 'UPDATE code_chunks SET content_id = @to WHERE content_id = @from'),
    moveContent: prepare(
      'reembed',
      'UPDATE code_contents SET hash = @hash, embedding = @embedding, embedding_model = @model WHERE id = @id',
    ),
    writeCached: prepare(
      'cache',
      `INSERT INTO embedding_cache (content_hash, model, embedding, created_at) VALUES (@hash, @model, @embedding, @now)
       ON CONFLICT DO NOTHING`,
    ),
  };
}

/** The fixed statements on chunks of code, prepared for one connection. */
export type EmbeddingStatements = ReturnType<typeof prepareStatements>;
