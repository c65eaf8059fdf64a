import type { Database, SchemaModule } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';

/**
 * The tables of the checkpointer, beside those of sessions in the same file. A channel's value is stored once for each of its
 * versions, however many checkpoints have it.
 */
export const LANGGRAPH_TABLES: SchemaModule = {
  name: 'langgraph',
  migrations: {
    1: `
      CREATE TABLE langgraph_checkpoints (
        thread_id TEXT NOT NULL,
        namespace TEXT NOT NULL,
        checkpoint_id TEXT NOT NULL,
        parent_id TEXT,
        type TEXT NOT NULL,
        checkpoint BLOB NOT NULL,
        metadata_type TEXT NOT NULL,
        metadata BLOB NOT NULL,
        PRIMARY KEY (thread_id, namespace, checkpoint_id)
      ) STRICT;
      CREATE TABLE langgraph_values (
        thread_id TEXT NOT NULL,
        namespace TEXT NOT NULL,
        channel TEXT NOT NULL,
        version TEXT NOT NULL,
        type TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (thread_id, namespace, channel, version)
      ) STRICT;
      CREATE TABLE langgraph_writes (
        thread_id TEXT NOT NULL,
        namespace TEXT NOT NULL,
        checkpoint_id TEXT NOT NULL,
        task_id TEXT NOT NULL,
        task_path TEXT NOT NULL,
        place INTEGER NOT NULL,
        channel TEXT NOT NULL,
        type TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (thread_id, namespace, checkpoint_id, task_id, place)
      ) STRICT;
    `,
  },
};

const KEY = 'thread_id = @thread AND namespace = @namespace AND checkpoint_id = @id';
const CHECKPOINT = 'thread_id, namespace, checkpoint_id, parent_id, type, checkpoint, metadata_type, metadata';

/** Prepares every statement of the checkpointer. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `langgraph.${operation}`);
  return {
    read: prepare('getTuple', `SELECT ${CHECKPOINT} FROM langgraph_checkpoints WHERE ${KEY}`),
    newest: prepare(
      'getTuple',
      `SELECT ${CHECKPOINT} FROM langgraph_checkpoints WHERE thread_id = @thread AND namespace = @namespace
       ORDER BY checkpoint_id DESC LIMIT 1`,
    ),
    list: prepare(
      'list',
      `SELECT ${CHECKPOINT} FROM langgraph_checkpoints
       WHERE (@thread IS NULL OR thread_id = @thread) AND (@namespace IS NULL OR namespace = @namespace)
         AND (@id IS NULL OR checkpoint_id = @id) AND (@before IS NULL OR checkpoint_id < @before)
       ORDER BY checkpoint_id DESC, thread_id, namespace`,
    ),
    put: prepare(
      'put',
      `INSERT OR REPLACE INTO langgraph_checkpoints (${CHECKPOINT})
       VALUES (@thread, @namespace, @id, @parent, @type, @checkpoint, @metadataType, @metadata)`,
    ),
    value: prepare(
      'getTuple',
      `SELECT type, value FROM langgraph_values
       WHERE thread_id = @thread AND namespace = @namespace AND channel = @channel AND version = @version`,
    ),
    putValue: prepare(
      'put',
      `INSERT OR REPLACE INTO langgraph_values (thread_id, namespace, channel, version, type, value)
       VALUES (@thread, @namespace, @channel, @version, @type, @value)`,
    ),
    writes: prepare(
      'getTuple',
      `SELECT task_id, task_path, place, channel, type, value FROM langgraph_writes WHERE ${KEY}`,
    ),
    putWrite: prepare(
      'putWrites',
      `INSERT INTO langgraph_writes (thread_id, namespace, checkpoint_id, task_id, task_path, place, channel, type, value)
       VALUES (@thread, @namespace, @id, @task, @path, @place, @channel, @type, @value)
       ON CONFLICT (thread_id, namespace, checkpoint_id, task_id, place) DO UPDATE SET
         channel = excluded.channel, type = excluded.type, value = excluded.value WHERE place < 0`,
    ),
    deleteCheckpoints: prepare('deleteThread', 'DELETE FROM langgraph_checkpoints WHERE thread_id = @thread'),
    deleteValues: prepare('deleteThread', 'DELETE FROM langgraph_values WHERE thread_id = @thread'),
    deleteWrites: prepare('deleteThread', 'DELETE FROM langgraph_writes WHERE thread_id = @thread'),
  };
}
