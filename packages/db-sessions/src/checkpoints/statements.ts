import type { Database } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';

const CHECKPOINT = 'id, project_id, project_path, description, created_at, file_count, total_size, metadata';

/** Prepares every statement on checkpoints. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `checkpoints.${operation}`);
  return {
    insert: prepare(
      'create',
      `INSERT INTO checkpoints (${CHECKPOINT}) VALUES
         (@id, @project_id, @project_path, @description, @created_at, @file_count, @total_size, @metadata)`,
    ),

    insertFile: prepare(
      'create',
      `INSERT INTO checkpoint_files (checkpoint_id, file_path, content_hash, existed, mode)
       VALUES (@checkpoint_id, @file_path, @content_hash, @existed, @mode)`,
    ),

    hasContent: prepare('create', 'SELECT 1 FROM checkpoint_contents WHERE hash = @hash'),

    insertContent: prepare(
      'create',
      'INSERT INTO checkpoint_contents (hash, encoding, size, data) VALUES (@hash, @encoding, @size, @data)',
    ),

    read: prepare('getById', `SELECT ${CHECKPOINT} FROM checkpoints WHERE id = @id`),

    find: prepare(
      'find',
      `SELECT ${CHECKPOINT} FROM checkpoints WHERE @projectId IS NULL OR project_id = @projectId
       ORDER BY created_at DESC, id LIMIT @limit OFFSET @offset`,
    ),

    files: prepare(
      'getFiles',
      `SELECT id, checkpoint_id, file_path, content_hash, existed, mode FROM checkpoint_files
       WHERE checkpoint_id = @checkpointId ORDER BY file_path`,
    ),

    content: prepare('getContent', 'SELECT encoding, data FROM checkpoint_contents WHERE hash = @hash'),

    delete: prepare('delete', 'DELETE FROM checkpoints WHERE id = @id'),

    deleteUnusedContents: prepare(
      'delete',
      `DELETE FROM checkpoint_contents
       WHERE NOT EXISTS (SELECT 1 FROM checkpoint_files AS f WHERE f.content_hash = checkpoint_contents.hash)`,
    ),
  };
}

/** The statements on checkpoints, prepared for one connection. */
export type CheckpointStatements = ReturnType<typeof prepareStatements>;
