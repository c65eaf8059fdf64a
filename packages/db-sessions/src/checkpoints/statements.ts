import type { Database } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';
import { OWN_KEY } from './metadata.ts';

const CHECKPOINT = 'id, project_id, project_path, description, created_at, file_count, total_size, metadata';

/** A value that a checkpoint keeps for itself in its metadata. */
const own = (name: string) => `json_extract(metadata, '$."${OWN_KEY}".${name}')`;
const KIND = own('kind');
const SEQUENCE = own('sequence');

const OF_PROJECT = 'project_id = @projectId AND project_path = @projectPath';

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

    storeContent: prepare(
      'create',
      `INSERT INTO checkpoint_contents (hash, encoding, size, data) VALUES (@hash, @encoding, @size, @data)
       ON CONFLICT (hash) DO UPDATE SET encoding = excluded.encoding, size = excluded.size, data = excluded.data`,
    ),

    read: prepare('getById', `SELECT ${CHECKPOINT} FROM checkpoints WHERE id = @id`),

    find: prepare(
      'find',
      `SELECT ${CHECKPOINT} FROM checkpoints
       WHERE (@projectId IS NULL OR project_id = @projectId) AND (@kind IS NULL OR ifnull(${KIND}, 'saved') = @kind)
       ORDER BY created_at DESC, id LIMIT @limit OFFSET @offset`,
    ),

    files: prepare(
      'getFiles',
      `SELECT id, checkpoint_id, file_path, content_hash, existed, mode FROM checkpoint_files
       WHERE checkpoint_id = @checkpointId ORDER BY file_path`,
    ),

    content: prepare('getContent', 'SELECT hash, encoding, data FROM checkpoint_contents WHERE hash = @hash'),

    delete: prepare('delete', 'DELETE FROM checkpoints WHERE id = @id'),

    rebind: prepare(
      'rebind',
      `UPDATE checkpoints SET project_id = @toId, project_path = @toPath
       WHERE project_id = @fromId AND (@fromPath IS NULL OR project_path = @fromPath)
         AND (project_id <> @toId OR project_path IS NOT @toPath)`,
    ),

    newestRestore: prepare(
      'restore',
      `SELECT id, ${SEQUENCE} AS sequence FROM checkpoints
       WHERE ${OF_PROJECT} AND ${SEQUENCE} IS NOT NULL ORDER BY ${SEQUENCE} DESC, created_at DESC LIMIT 1`,
    ),

    newestOfKind: prepare(
      'restore',
      `SELECT ${CHECKPOINT} FROM checkpoints
       WHERE ${OF_PROJECT} AND ${KIND} = @kind ORDER BY ${SEQUENCE} DESC, created_at DESC LIMIT 1`,
    ),

    setMetadata: prepare(
      'restore',
      `UPDATE checkpoints SET metadata = @metadata WHERE id = @id AND metadata = @expected`,
    ),

    setKind: prepare(
      'restore',
      `UPDATE checkpoints SET metadata = json_set(metadata, '$."${OWN_KEY}".kind', @kind)
       WHERE id = @id`,
    ),

    forgetRedo: prepare(
      'restore',
      `UPDATE checkpoints SET metadata = json_set(metadata, '$."${OWN_KEY}".kind', 'used')
       WHERE ${OF_PROJECT} AND ${KIND} = 'redo'`,
    ),

    deleteUnusedContents: prepare(
      'delete',
      `DELETE FROM checkpoint_contents
       WHERE NOT EXISTS (SELECT 1 FROM checkpoint_files AS f WHERE f.content_hash = checkpoint_contents.hash)`,
    ),
  };
}

/** The statements on checkpoints, prepared for one connection. */
export type CheckpointStatements = ReturnType<typeof prepareStatements>;
