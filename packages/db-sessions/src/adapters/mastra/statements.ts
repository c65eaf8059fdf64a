import type { Database, SchemaModule } from '@codebuddy/db-core';
import { contextOf } from '@codebuddy/db-core/internal';

/**
 * The tables of Mastra's storage, beside those of sessions in the same file: a thread is a session, whose `project_id` is its
 * resource. A message of Mastra is a message, and a row here that tells its id, which is unique over all threads.
 */
export const MASTRA_TABLES: SchemaModule = {
  name: 'mastra',
  migrations: {
    1: `
      CREATE TABLE mastra_messages (
        id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
        message_id INTEGER NOT NULL UNIQUE REFERENCES messages(id) ON DELETE CASCADE,
        resource_id TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX mastra_messages_resource ON mastra_messages(resource_id) WHERE resource_id IS NOT NULL;
      CREATE TABLE mastra_resources (
        id TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
        working_memory TEXT,
        metadata TEXT CHECK (json_valid(metadata)),
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
};

const THREAD = "id, project_id, name, created_at, updated_at, metadata ->> '$.mastra' AS thread_metadata";
const RESOURCE = 'id, working_memory, metadata, created_at, updated_at';
const MESSAGE = `m.id AS row, m.session_id, m.role, m.content, m.created_at, m.metadata, mm.id AS mastra_id,
  ${resourceOf('m', 'mm')} AS resource_id`;
const MESSAGES = 'messages AS m LEFT JOIN mastra_messages AS mm ON mm.message_id = m.id';
const IN_TIME = `(@start IS NULL OR m.created_at > @start OR m.created_at = @start AND @withStart)
  AND (@end IS NULL OR m.created_at < @end OR m.created_at = @end AND @withEnd)`;
const OF_RESOURCE = `(@resource IS NULL OR ${resourceOf('m', 'mm')} = @resource)`;
const OF_THREADS = `m.session_id IN (SELECT value FROM json_each(@threads)) AND ${OF_RESOURCE} AND ${IN_TIME}`;
const WITH_RESOURCE = `mm.resource_id = @resource AND ${IN_TIME}`;

/** A message that came another way belongs to the resource of its session. */
function resourceOf(message: string, mastra: string): string {
  return `iif(${mastra}.id IS NULL, (SELECT project_id FROM sessions WHERE id = ${message}.session_id), ${mastra}.resource_id)`;
}

/** Prepares every statement of Mastra's storage. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `mastra.${operation}`);
  const list = (where: string, direction: 'ASC' | 'DESC') =>
    prepare(
      'listMessages',
      `SELECT ${MESSAGE} FROM ${MESSAGES} WHERE ${where} ORDER BY m.created_at ${direction}, m.id ${direction}
       LIMIT @limit OFFSET @offset`,
    );
  const scope = (where: string) => ({
    ASC: list(where, 'ASC'),
    DESC: list(where, 'DESC'),
    count: prepare('listMessages', `SELECT count(*) AS messages FROM ${MESSAGES} WHERE ${where}`),
  });
  const near = (comparison: '<' | '>', direction: 'ASC' | 'DESC') =>
    prepare(
      'listMessages',
      `SELECT ${MESSAGE} FROM ${MESSAGES} WHERE m.session_id = @thread AND ${OF_RESOURCE}
         AND (m.created_at, m.id) ${comparison} (@createdAt, @row)
       ORDER BY m.created_at ${direction}, m.id ${direction} LIMIT @limit`,
    );
  return {
    readThread: prepare('getThreadById', `SELECT ${THREAD} FROM sessions WHERE id = @id`),
    saveThread: prepare(
      'saveThread',
      `INSERT INTO sessions (id, project_id, name, created_at, updated_at, metadata)
       VALUES (@id, @resource, @title, @createdAt, @updatedAt, json_object('mastra', json(@metadata)))
       ON CONFLICT (id) DO UPDATE SET project_id = excluded.project_id, name = excluded.name,
         created_at = excluded.created_at, updated_at = excluded.updated_at,
         metadata = json_set(ifnull(metadata, '{}'), '$.mastra', json(@metadata))`,
    ),
    touchThread: prepare(
      'saveMessages',
      'UPDATE sessions SET updated_at = max(updated_at, @now) WHERE id IN (SELECT value FROM json_each(@threads))',
    ),
    deleteThread: prepare('deleteThread', 'DELETE FROM sessions WHERE id = @id'),
    moveThread: prepare(
      'updateThreadResourceId',
      'UPDATE sessions SET project_id = @resource, updated_at = max(updated_at, @now) WHERE id = @id',
    ),
    moveMessages: prepare(
      'updateThreadResourceId',
      `UPDATE mastra_messages SET resource_id = @resource
       WHERE message_id IN (SELECT id FROM messages WHERE session_id = @id)`,
    ),
    threads: prepare('listThreads', `SELECT ${THREAD} FROM sessions WHERE @resource IS NULL OR project_id = @resource`),

    ofThreads: scope(OF_THREADS),
    ofResource: scope(WITH_RESOURCE),
    before: near('<', 'DESC'),
    after: near('>', 'ASC'),
    readMessage: prepare('listMessagesById', `SELECT ${MESSAGE} FROM ${MESSAGES} WHERE mm.id = @id`),
    insertMessage: prepare(
      'saveMessages',
      `INSERT INTO messages (session_id, role, content, identifiers, metadata, created_at)
       VALUES (@session_id, @role, @content, @identifiers, @metadata, @created_at)`,
    ),
    updateMessage: prepare(
      'saveMessages',
      `UPDATE messages SET session_id = @session_id, role = @role, content = @content, identifiers = @identifiers,
         metadata = @metadata, created_at = @created_at
       WHERE id = @row`,
    ),
    nameMessage: prepare(
      'saveMessages',
      `INSERT INTO mastra_messages (id, message_id, resource_id) VALUES (@id, @row, @resource)
       ON CONFLICT (id) DO UPDATE SET resource_id = excluded.resource_id`,
    ),
    deleteMessage: prepare(
      'deleteMessages',
      `DELETE FROM messages WHERE id = (SELECT message_id FROM mastra_messages WHERE id = @id) RETURNING session_id`,
    ),

    readResource: prepare('getResourceById', `SELECT ${RESOURCE} FROM mastra_resources WHERE id = @id`),
    saveResource: prepare(
      'saveResource',
      `INSERT INTO mastra_resources (${RESOURCE}) VALUES (@id, @workingMemory, @metadata, @createdAt, @updatedAt)
       ON CONFLICT (id) DO UPDATE SET working_memory = excluded.working_memory, metadata = excluded.metadata,
         created_at = excluded.created_at, updated_at = excluded.updated_at`,
    ),

    clearThreads: prepare('clear', "DELETE FROM sessions WHERE metadata -> '$.mastra' IS NOT NULL"),
    clearResources: prepare('clear', 'DELETE FROM mastra_resources'),
  };
}

/** The statements of Mastra's storage, prepared for one connection. */
export type MastraStatements = ReturnType<typeof prepareStatements>;
