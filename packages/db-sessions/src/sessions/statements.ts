import type { Database } from '@codebuddy/db-core';
import { contextOf, laterInstant, MESSAGE_COLUMNS, SESSION_COLUMNS } from '@codebuddy/db-core/internal';

const SESSION = SESSION_COLUMNS.join(', ');
const MESSAGE = MESSAGE_COLUMNS.join(', ');

// The triggers count the messages; nobody writes the count.
// The cost is written as nano-dollars, which add up exactly, and read as dollars.
const SESSION_WRITTEN = SESSION_COLUMNS.filter((column) => column !== 'message_count').map((column) =>
  column === 'total_cost' ? 'total_cost_nanos' : column,
);
const MESSAGE_WRITTEN = [...MESSAGE_COLUMNS.filter((column) => column !== 'id'), 'identifiers'];
const MESSAGE_SAID = MESSAGE_WRITTEN.filter((column) => column !== 'session_id' && column !== 'created_at');
const insertInto = (table: string, columns: readonly string[]) =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`;

/** Prepares every fixed statement on sessions and messages. */
export function prepareStatements(db: Database) {
  const prepare = (operation: string, sql: string) => contextOf(db).prepare(sql, `sessions.${operation}`);
  return {
    insertSession: prepare('createSession', insertInto('sessions', SESSION_WRITTEN)),

    readSession: prepare('getSessionById', `SELECT ${SESSION} FROM sessions WHERE id = @id`),

    addUsage: prepare(
      'updateSessionStats',
      `UPDATE sessions SET total_tokens_in = total_tokens_in + @tokensIn, total_tokens_out = total_tokens_out + @tokensOut,
         total_cost_nanos = total_cost_nanos + @costNanos, tool_calls_count = tool_calls_count + @toolCalls,
         updated_at = ${laterInstant('updated_at', '@now')}
       WHERE id = @id`,
    ),

    setArchived: prepare('setArchived', 'UPDATE sessions SET is_archived = @archived WHERE id = @id'),

    setUpdated: prepare('import', 'UPDATE sessions SET updated_at = @updated_at WHERE id = @id'),

    deleteSession: prepare('deleteSession', 'DELETE FROM sessions WHERE id = @id'),

    insertMessage: prepare(
      'addMessage',
      `${insertInto('messages', MESSAGE_WRITTEN)}
       ON CONFLICT (session_id, operation_id) WHERE operation_id IS NOT NULL DO NOTHING`,
    ),

    replaceMessage: prepare(
      'replaceMessage',
      `UPDATE messages SET ${MESSAGE_SAID.map((column) => `${column} = @${column}`).join(', ')}
       WHERE id = @id AND session_id = @session_id RETURNING ${MESSAGE}`,
    ),

    touch: prepare('replaceMessage', 'UPDATE sessions SET updated_at = max(updated_at, @now) WHERE id = @id'),

    readOperation: prepare(
      'addMessage',
      `SELECT ${MESSAGE} FROM messages WHERE session_id = @session_id AND operation_id = @operation_id`,
    ),

    oldestMessages: prepare(
      'getMessages',
      `SELECT ${MESSAGE} FROM messages WHERE session_id = @sessionId AND id > @after ORDER BY id LIMIT @limit`,
    ),

    newestMessages: prepare(
      'getRecentMessages',
      `SELECT * FROM (SELECT ${MESSAGE} FROM messages WHERE session_id = @sessionId ORDER BY id DESC LIMIT @limit)
       ORDER BY id`,
    ),

    popMessage: prepare(
      'popMessage',
      `DELETE FROM messages WHERE id = (SELECT max(id) FROM messages WHERE session_id = @sessionId) RETURNING ${MESSAGE}`,
    ),

    deleteMessages: prepare('deleteMessages', 'DELETE FROM messages WHERE session_id = @sessionId AND id >= @fromId'),

    hasMessage: prepare('forkSession', 'SELECT 1 FROM messages WHERE id = @id AND session_id = @sessionId'),

    copyMessages: prepare(
      'forkSession',
      `INSERT INTO messages (session_id, ${MESSAGE_WRITTEN.slice(1).join(', ')})
       SELECT @to, ${MESSAGE_WRITTEN.slice(1).join(', ')} FROM messages
       WHERE session_id = @from AND id <= @last ORDER BY id`,
    ),

    statistics: prepare(
      'getStats',
      `SELECT count(*) AS sessions, ifnull(sum(is_archived), 0) AS archived, ifnull(sum(message_count), 0) AS messages,
         ifnull(sum(total_cost_nanos), 0) AS cost_nanos, ifnull(sum(total_tokens_in), 0) AS tokens_in,
         ifnull(sum(total_tokens_out), 0) AS tokens_out
       FROM sessions WHERE @projectId IS NULL OR project_id = @projectId`,
    ),

    costByModel: prepare(
      'getCostByModel',
      `SELECT ifnull(model, 'unknown') AS model, sum(total_cost_nanos) AS cost_nanos, count(*) AS sessions FROM sessions
       GROUP BY 1 ORDER BY cost_nanos DESC, model`,
    ),
  };
}

/** The fixed statements on sessions and messages, prepared for one connection. */
export type SessionStatements = ReturnType<typeof prepareStatements>;
