import type { SessionExport } from '@codebuddy/db-core';
import { InvalidInputError, type JsonObject, type JsonValue, type Session } from '@codebuddy/db-core';
import {
  decodeJson,
  decodeJsonObject,
  encodeJson,
  encodeJsonObject,
  isPlainObject,
  MESSAGE_ROLES,
  optionalStringOrNull,
  requireInteger,
  requireNumber,
  requireOneOf,
  requireString,
  type Transcript,
} from '@codebuddy/db-core/internal';

/** Wraps a transcript with the name and version of its format. */
export function toSessionExport(transcript: Transcript): SessionExport {
  return { format: 'codebuddy-session', version: 1, ...transcript };
}

/**
 * Reads a session that was exported, perhaps elsewhere. Only known properties are taken.
 *
 * @throws InvalidInputError when it is no such export; the error names the part
 */
export function readSessionExport(exported: unknown): Transcript {
  if (!isPlainObject(exported) || exported['format'] !== 'codebuddy-session') {
    throw new InvalidInputError('export', 'expected an object with format "codebuddy-session"');
  }
  if (exported['version'] !== 1) {
    throw new InvalidInputError(
      'export.version',
      'expected version 1; a newer one needs a newer release of db-sessions',
    );
  }
  const { session, messages } = exported;
  if (!isPlainObject(session)) throw new InvalidInputError('export.session', 'expected an object');
  if (!Array.isArray(messages)) throw new InvalidInputError('export.messages', 'expected an array');
  return { session: readSession(session), messages: messages.map(readMessage) };
}

function readSession(session: Record<string, unknown>): Session {
  return {
    id: requireString(session['id'], 'session.id'),
    created_at: requireString(session['created_at'], 'session.created_at'),
    updated_at: requireString(session['updated_at'], 'session.updated_at'),
    total_tokens_in: requireInteger(session['total_tokens_in'], 'session.total_tokens_in'),
    total_tokens_out: requireInteger(session['total_tokens_out'], 'session.total_tokens_out'),
    total_cost: requireNumber(session['total_cost'], 'session.total_cost'),
    message_count: requireInteger(session['message_count'], 'session.message_count'),
    tool_calls_count: requireInteger(session['tool_calls_count'], 'session.tool_calls_count'),
    is_archived: session['is_archived'] === true,
    ...optionalTexts(session, ['project_id', 'project_path', 'name', 'model', 'parent_session_id'], 'session'),
    ...optionalMetadata(session, 'session'),
  };
}

function readMessage(message: unknown, index: number): Transcript['messages'][number] {
  const field = `messages[${index}]`;
  if (!isPlainObject(message)) throw new InvalidInputError(field, 'expected an object');
  return {
    role: requireOneOf(message['role'], `${field}.role`, MESSAGE_ROLES),
    tokens: requireInteger(message['tokens'], `${field}.tokens`),
    created_at: requireString(message['created_at'], `${field}.created_at`),
    ...optionalTexts(message, ['content', 'tool_call_id', 'operation_id'], field),
    ...optionalToolCalls(message, field),
    ...optionalMetadata(message, field),
  };
}

function optionalTexts<Name extends string>(
  value: Record<string, unknown>,
  names: readonly Name[],
  field: string,
): { [Each in Name]?: string } {
  const found: { [Each in Name]?: string } = {};
  for (const name of names) {
    const text = optionalStringOrNull(value[name], `${field}.${name}`);
    if (text !== null) found[name] = text;
  }
  return found;
}

function optionalMetadata(value: Record<string, unknown>, field: string): { metadata?: JsonObject } {
  const json = encodeJsonObject(value['metadata'], `${field}.metadata`);
  return json === null ? {} : { metadata: decodeJsonObject(json) };
}

function optionalToolCalls(value: Record<string, unknown>, field: string): { tool_calls?: JsonValue } {
  const calls = value['tool_calls'];
  return calls === undefined ? {} : { tool_calls: decodeJson(encodeJson(calls, `${field}.tool_calls`)) };
}
