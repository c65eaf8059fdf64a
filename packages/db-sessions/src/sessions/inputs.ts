import type { ForkOptions, Message, NewMessage, NewSession, Redact, Session, SessionUsage } from '@codebuddy/db-core';
import {
  encodeJson,
  encodeJsonObject,
  identifierWords,
  MESSAGE_ROLES,
  normalizeTimestamp,
  optionalNameOrNull,
  optionalStringOrNull,
  redactText,
  requireInteger,
  requireObject,
  requireOneOf,
  requireString,
  type SqlValue,
  toNanoDollars,
} from '@codebuddy/db-core/internal';

type Parameters = Record<string, SqlValue>;

/** Checks a new session and returns the values of its columns. */
export function newSessionParameters(
  session: NewSession,
  id: string,
  now: string,
  redact: Redact | undefined,
): Parameters {
  requireObject(session, 'session');
  return {
    id: requireString(session.id ?? id, 'id'),
    project_id: optionalNameOrNull(session.project_id, 'project_id'),
    project_path: optionalStringOrNull(session.project_path, 'project_path'),
    name: redactText(optionalStringOrNull(session.name, 'name'), redact),
    model: optionalNameOrNull(session.model, 'model'),
    created_at: now,
    updated_at: now,
    total_tokens_in: 0,
    total_tokens_out: 0,
    total_cost_nanos: 0,
    tool_calls_count: 0,
    is_archived: 0,
    parent_session_id: optionalNameOrNull(session.parent_session_id, 'parent_session_id'),
    metadata: encodeJsonObject(session.metadata, 'metadata', redact),
  };
}

/** Returns the session that a fork begins as: whatever its parent has, apart from its use. */
export function forkOf(parent: Session, { id, name }: ForkOptions): NewSession {
  const { project_id, project_path, model, metadata } = parent;
  return { id, project_id, project_path, name: name ?? parent.name, model, parent_session_id: parent.id, metadata };
}

/** Checks a whole session, as an import or a copy brings it; the triggers count its messages. */
export function sessionRecordParameters(session: Session, redact: Redact | undefined): Parameters {
  requireObject(session, 'session');
  return {
    ...newSessionParameters(session, session.id, normalizeTimestamp(session.created_at, 'created_at'), redact),
    updated_at: normalizeTimestamp(session.updated_at, 'updated_at'),
    total_tokens_in: requireInteger(session.total_tokens_in, 'total_tokens_in', { min: 0 }),
    total_tokens_out: requireInteger(session.total_tokens_out, 'total_tokens_out', { min: 0 }),
    total_cost_nanos: toNanoDollars(session.total_cost, 'total_cost'),
    tool_calls_count: requireInteger(session.tool_calls_count, 'tool_calls_count', { min: 0 }),
    is_archived: session.is_archived ? 1 : 0,
  };
}

/**
 * Checks a message and returns the values of its columns.
 *
 * @param createdAt - as timestamps are stored
 */
export function messageParameters(
  message: NewMessage | Omit<Message, 'id'>,
  createdAt: string,
  redact: Redact | undefined,
): Parameters {
  requireObject(message, 'message');
  const content = redactText(optionalStringOrNull(message.content, 'content'), redact);
  return {
    session_id: requireString(message.session_id, 'session_id'),
    role: requireOneOf(message.role, 'role', MESSAGE_ROLES),
    content,
    identifiers: identifierWords(content),
    tool_calls: message.tool_calls === undefined ? null : encodeJson(message.tool_calls, 'tool_calls', redact),
    tool_call_id: redactText(optionalStringOrNull(message.tool_call_id, 'tool_call_id'), redact),
    tokens: requireInteger(message.tokens ?? 0, 'tokens', { min: 0 }),
    created_at: createdAt,
    operation_id: optionalNameOrNull(message.operation_id, 'operation_id'),
    metadata: encodeJsonObject(message.metadata, 'metadata', redact),
  };
}

/** Checks what a session has used. */
export function usageParameters(usage: SessionUsage): Parameters {
  requireObject(usage, 'usage');
  return {
    tokensIn: requireInteger(usage.tokensIn ?? 0, 'tokensIn', { min: 0 }),
    tokensOut: requireInteger(usage.tokensOut ?? 0, 'tokensOut', { min: 0 }),
    costNanos: toNanoDollars(usage.cost ?? 0),
    toolCalls: requireInteger(usage.toolCalls ?? 0, 'toolCalls', { min: 0 }),
  };
}
