import { basename } from 'node:path';
import type { Session } from '@codebuddy/db-core';
import {
  type ImportedMessage,
  type ImportedTranscript,
  isPlainObject,
  MESSAGE_ROLES,
} from '@codebuddy/db-core/internal';
import { EntryReader } from './entry-reader.ts';

/** A session file as a transcript, with what could not be read of it. */
export interface ParsedSession {
  /** Absent if the file as a whole makes no sense. */
  readonly transcript?: ImportedTranscript;
  /** The place in the file, from 1, of each message of the transcript. */
  readonly places: readonly number[];
  readonly problems: readonly { readonly position?: string; readonly reason: string }[];
}

/**
 * Turns a session file into a transcript. A broken message is left out; the others keep their places.
 *
 * @param modifiedAt - when the file was last changed: the time of a session that tells none
 */
export function parseLegacySession(content: unknown, path: string, modifiedAt: string): ParsedSession {
  const read = new EntryReader(content);
  const created = read.optionalInstant('createdAt') ?? read.optionalInstant('updatedAt') ?? modifiedAt;
  const session: Session = {
    id: read.optionalText('id') || basename(path, '.json'),
    created_at: created,
    updated_at: read.optionalInstant('updatedAt') ?? created,
    total_tokens_in: read.optionalCount('totalTokensIn') ?? 0,
    total_tokens_out: read.optionalCount('totalTokensOut') ?? 0,
    total_cost: read.optionalAmount('totalCost') ?? 0,
    message_count: 0,
    tool_calls_count: 0,
    is_archived: false,
    metadata: { migratedFrom: 'json' },
  };
  for (const [column, name] of SESSION_TEXTS) {
    const text = read.optionalText(name);
    if (text !== undefined && text !== '') session[column] = text;
  }
  const given = read.any('messages') ?? [];
  if (!Array.isArray(given)) read.reasons.push('messages is not a list');
  if (read.reasons.length > 0 || !Array.isArray(given)) {
    return { problems: [{ reason: read.reasons.join('; ') }], places: [] };
  }

  const messages: ImportedMessage[] = [];
  const places: number[] = [];
  const problems: { position: string; reason: string }[] = [];
  for (const [index, entry] of given.entries()) {
    const message = parseMessage(entry, index);
    if ('reasons' in message) problems.push({ position: `message ${index + 1}`, reason: message.reasons.join('; ') });
    else {
      messages.push(message);
      places.push(index + 1);
    }
  }
  session.tool_calls_count = messages.reduce(
    (sum, { tool_calls }) => sum + (Array.isArray(tool_calls) ? tool_calls.length : 0),
    0,
  );
  return { transcript: { session, messages }, places, problems };
}

const SESSION_TEXTS = [
  ['project_id', 'projectId'],
  ['project_path', 'projectPath'],
  ['name', 'name'],
  ['model', 'model'],
] as const;

function parseMessage(entry: unknown, index: number): ImportedMessage | { reasons: string[] } {
  const read = new EntryReader(entry);
  const role = MESSAGE_ROLES.find((known) => known === read.any('role'));
  if (role === undefined && isPlainObject(entry)) read.reasons.push(`role is not one of ${MESSAGE_ROLES.join(', ')}`);
  const content = read.optionalText('content');
  const toolCallId = read.optionalText('toolCallId');
  const toolCalls = read.json('toolCalls') ?? undefined;
  const created = read.optionalInstant('createdAt') ?? read.optionalInstant('timestamp');
  if (role === undefined || read.reasons.length > 0) return { reasons: read.reasons };
  return {
    role,
    tokens: 0,
    // Its place in the file names it, so that a second import does not append it again.
    operation_id: `legacy:${index}`,
    ...(created === undefined ? {} : { created_at: created }),
    ...(content === undefined ? {} : { content }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
  };
}
