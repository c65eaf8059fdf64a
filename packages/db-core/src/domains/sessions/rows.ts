import type { Row } from '../../sql/prepared-statement.ts';
import * as read from '../../sql/row-readers.ts';
import { MESSAGE_ROLES, type Message, type Session } from './record.ts';

/** The columns of a session, in the order of its properties. */
export const SESSION_COLUMNS = [
  'id',
  'project_id',
  'project_path',
  'name',
  'model',
  'created_at',
  'updated_at',
  'total_tokens_in',
  'total_tokens_out',
  'total_cost',
  'message_count',
  'tool_calls_count',
  'is_archived',
  'parent_session_id',
  'metadata',
] as const;

/** The columns of a message, in the order of its properties. */
export const MESSAGE_COLUMNS = [
  'id',
  'session_id',
  'role',
  'content',
  'tool_calls',
  'tool_call_id',
  'tokens',
  'created_at',
  'operation_id',
  'metadata',
] as const;

/** Turns a row into a session; what is NULL in the row is absent in the record. */
export function toSession(row: Row): Session {
  const session: Session = {
    id: read.text(row, 'id'),
    created_at: read.text(row, 'created_at'),
    updated_at: read.text(row, 'updated_at'),
    total_tokens_in: read.number(row, 'total_tokens_in'),
    total_tokens_out: read.number(row, 'total_tokens_out'),
    total_cost: read.number(row, 'total_cost'),
    message_count: read.number(row, 'message_count'),
    tool_calls_count: read.number(row, 'tool_calls_count'),
    is_archived: read.flag(row, 'is_archived'),
  };
  for (const column of ['project_id', 'project_path', 'name', 'model', 'parent_session_id'] as const) {
    const value = read.optionalText(row, column);
    if (value !== undefined) session[column] = value;
  }
  const metadata = read.optionalJsonObject(row, 'metadata');
  if (metadata !== undefined) session.metadata = metadata;
  return session;
}

/** Turns a row into a message; what is NULL in the row is absent in the record. */
export function toMessage(row: Row): Message {
  const message: Message = {
    id: read.number(row, 'id'),
    session_id: read.text(row, 'session_id'),
    role: read.oneOf(row, 'role', MESSAGE_ROLES),
    tokens: read.number(row, 'tokens'),
    created_at: read.text(row, 'created_at'),
  };
  const content = read.optionalText(row, 'content');
  if (content !== undefined) message.content = content;
  const toolCallId = read.optionalText(row, 'tool_call_id');
  if (toolCallId !== undefined) message.tool_call_id = toolCallId;
  const operationId = read.optionalText(row, 'operation_id');
  if (operationId !== undefined) message.operation_id = operationId;
  const toolCalls = read.optionalJson(row, 'tool_calls');
  if (toolCalls !== undefined) message.tool_calls = toolCalls;
  const metadata = read.optionalJsonObject(row, 'metadata');
  if (metadata !== undefined) message.metadata = metadata;
  return message;
}
