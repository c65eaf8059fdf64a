import type { ForkOptions, Message, NewMessage, NewSession, Redact, Session, SessionUsage } from '@codebuddy/db-core';
import {
  encodeJson,
  encodeJsonObject,
  identifierWords,
  MESSAGE_ROLES,
  type NamesOf,
  normalizeTimestamp,
  optionalNameOrNull,
  optionalStringOrNull,
  readOptions,
  readRecord,
  redactText,
  requireInteger,
  requireKey,
  requireObject,
  requireOneOf,
  type SqlValue,
  toNanoDollars,
} from '@codebuddy/db-core/internal';

type Parameters = Record<string, SqlValue>;

const NEW_SESSION_NAMES: NamesOf<NewSession> = {
  id: true,
  project_id: true,
  project_path: true,
  name: true,
  model: true,
  parent_session_id: true,
  metadata: true,
};

/** The fields of a session that its author does not set. */
const OWN_SESSION_NAMES: NamesOf<Omit<Session, keyof NewSession>> = {
  created_at: true,
  updated_at: true,
  total_tokens_in: true,
  total_tokens_out: true,
  total_cost: true,
  message_count: true,
  tool_calls_count: true,
  is_archived: true,
};

const NEW_MESSAGE_NAMES: NamesOf<NewMessage> = {
  session_id: true,
  role: true,
  content: true,
  tool_calls: true,
  tool_call_id: true,
  tokens: true,
  metadata: true,
  operation_id: true,
};

/** The fields of a message that its author does not set. */
const OWN_MESSAGE_NAMES: NamesOf<Omit<Message, keyof NewMessage>> = { id: true, created_at: true };

const USAGE_NAMES: NamesOf<SessionUsage> = { tokensIn: true, tokensOut: true, cost: true, toolCalls: true };

/** Checks a new session and returns the values of its columns. */
export function newSessionParameters(
  session: NewSession,
  id: string,
  now: string,
  redact: Redact | undefined,
): Parameters {
  const given = readRecord(session, NEW_SESSION_NAMES, OWN_SESSION_NAMES, 'session');
  return {
    id: requireKey(given.id ?? id, 'id'),
    project_id: optionalNameOrNull(given.project_id, 'project_id'),
    project_path: optionalStringOrNull(given.project_path, 'project_path'),
    name: redactText(optionalStringOrNull(given.name, 'name'), redact),
    model: optionalNameOrNull(given.model, 'model'),
    created_at: now,
    updated_at: now,
    total_tokens_in: 0,
    total_tokens_out: 0,
    total_cost_nanos: 0,
    tool_calls_count: 0,
    is_archived: 0,
    parent_session_id: optionalNameOrNull(given.parent_session_id, 'parent_session_id'),
    metadata: encodeJsonObject(given.metadata, 'metadata', redact),
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
  const given = readRecord(message, NEW_MESSAGE_NAMES, OWN_MESSAGE_NAMES, 'message');
  const content = redactText(optionalStringOrNull(given.content, 'content'), redact);
  return {
    session_id: requireKey(given.session_id, 'session_id'),
    role: requireOneOf(given.role, 'role', MESSAGE_ROLES),
    content,
    identifiers: identifierWords(content),
    tool_calls: given.tool_calls === undefined ? null : encodeJson(given.tool_calls, 'tool_calls', redact),
    tool_call_id: redactText(optionalStringOrNull(given.tool_call_id, 'tool_call_id'), redact),
    tokens: requireInteger(given.tokens ?? 0, 'tokens', { min: 0 }),
    created_at: createdAt,
    operation_id: optionalNameOrNull(given.operation_id, 'operation_id'),
    metadata: encodeJsonObject(given.metadata, 'metadata', redact),
  };
}

/** Checks what a session has used. */
export function usageParameters(usage: SessionUsage): Parameters {
  const given = readOptions(usage, USAGE_NAMES, 'usage');
  return {
    tokensIn: requireInteger(given.tokensIn ?? 0, 'tokensIn', { min: 0 }),
    tokensOut: requireInteger(given.tokensOut ?? 0, 'tokensOut', { min: 0 }),
    costNanos: toNanoDollars(given.cost ?? 0),
    toolCalls: requireInteger(given.toolCalls ?? 0, 'toolCalls', { min: 0 }),
  };
}
