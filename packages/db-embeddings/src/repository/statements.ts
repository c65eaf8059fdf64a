import { type Database, PreparedStatement } from '@codebuddy/db-core';
import { CHUNK_COLUMNS } from './rows.ts';

const COLUMNS = CHUNK_COLUMNS.join(', ');
const GIVEN = CHUNK_COLUMNS.filter((column) => !['id', 'created_at', 'updated_at'].includes(column));
const REPLACED = GIVEN.filter((column) => !['project_id', 'file_path', 'chunk_index'].includes(column));

/** Prepares every fixed statement on chunks of code. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => new PreparedStatement(db, sql, `embeddings.${operation}`);
  return {
    upsert: prepare(
      'upsert',
      `INSERT INTO code_embeddings (${GIVEN.join(', ')}, created_at, updated_at)
       VALUES (${GIVEN.map((column) => `@${column}`).join(', ')}, @now, @now)
       ON CONFLICT (project_id, file_path, chunk_index) DO UPDATE SET
         ${REPLACED.map((column) => `${column} = excluded.${column}`).join(', ')}, updated_at = excluded.updated_at`,
    ),
    byPlace: prepare(
      'upsert',
      `SELECT ${COLUMNS} FROM code_embeddings
       WHERE project_id = @project_id AND file_path = @file_path AND chunk_index = @chunk_index`,
    ),
    byId: prepare('getById', `SELECT ${COLUMNS} FROM code_embeddings WHERE id = @id`),

    deleteForFile: prepare(
      'deleteForFile',
      'DELETE FROM code_embeddings WHERE project_id = @projectId AND file_path = @filePath AND chunk_index >= @from',
    ),
    deleteForProject: prepare('deleteForProject', 'DELETE FROM code_embeddings WHERE project_id = @projectId'),
    deleteStale: prepare(
      'deleteStale',
      `DELETE FROM code_embeddings
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
      `SELECT count(*) AS chunks, count(DISTINCT project_id || char(0) || file_path) AS files FROM code_embeddings
       WHERE @projectId IS NULL OR project_id = @projectId`,
    ),
    byLanguage: prepare(
      'getStats',
      `SELECT ifnull(language, 'unknown') AS name, count(*) AS chunks FROM code_embeddings
       WHERE @projectId IS NULL OR project_id = @projectId GROUP BY 1 ORDER BY 1`,
    ),
    bySymbolType: prepare(
      'getStats',
      `SELECT ifnull(symbol_type, 'unknown') AS name, count(*) AS chunks FROM code_embeddings
       WHERE @projectId IS NULL OR project_id = @projectId GROUP BY 1 ORDER BY 1`,
    ),
    models: prepare(
      'searchSimilar',
      'SELECT DISTINCT embedding_model AS model FROM code_embeddings WHERE length(embedding) = @bytes',
    ),

    readCached: prepare('cache', 'SELECT embedding FROM embedding_cache WHERE content_hash = @hash AND model = @model'),
    writeCached: prepare(
      'cache',
      `INSERT INTO embedding_cache (content_hash, model, embedding, created_at) VALUES (@hash, @model, @embedding, @now)
       ON CONFLICT DO NOTHING`,
    ),
  };
}

/** The fixed statements on chunks of code, prepared for one connection. */
export type EmbeddingStatements = ReturnType<typeof prepareStatements>;
