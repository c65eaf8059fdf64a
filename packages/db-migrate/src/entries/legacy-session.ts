import { basename } from 'node:path';
import type { JsonValue, MessageRole, Session } from '@codebuddy/db-core';
import {
  type ImportedMessage,
  type ImportedTranscript,
  isPlainObject,
  MESSAGE_ROLES,
} from '@codebuddy/db-core/internal';
import { EntryReader } from './entry-reader.ts';
import { withoutAbsent } from './without-absent.ts';

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
  const touched = read.optionalInstant('updatedAt') ?? read.optionalInstant('lastAccessedAt');
  const created = read.optionalInstant('createdAt') ?? touched ?? modifiedAt;
  const session: Session = {
    id: read.optionalText('id') || basename(path, '.json'),
    created_at: created,
    updated_at: touched ?? created,
    total_tokens_in: read.optionalCount('totalTokensIn') ?? 0,
    total_tokens_out: read.optionalCount('totalTokensOut') ?? 0,
    total_cost: read.optionalAmount('totalCost') ?? 0,
    message_count: 0,
    tool_calls_count: 0,
    is_archived: false,
    metadata: { migratedFrom: 'json' },
  };
  for (const [column, ...names] of SESSION_TEXTS) {
    const text = names.map((name) => read.optionalText(name)).find((each) => each !== undefined && each !== '');
    if (text !== undefined) session[column] = text;
  }
  if (read.isObject && !read.has('messages')) read.reasons.push('it has no messages, so its shape is not known');
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
  if (given.length > 0 && !given.some(isMessage)) return { problems, places: [] };
  session.tool_calls_count = countToolCalls(messages);
  return { transcript: { session, messages }, places, problems };
}

/** Whether an entry has the shape of a message, broken or not: of other entries nothing is known. */
function isMessage(entry: unknown): boolean {
  return isPlainObject(entry) && ('role' in entry || 'type' in entry);
}

/** Counts the calls that messages hold, and those that are messages of their own, with a result or without. */
function countToolCalls(messages: readonly ImportedMessage[]): number {
  const held = messages.reduce((sum, { tool_calls }) => sum + (Array.isArray(tool_calls) ? tool_calls.length : 0), 0);
  const ofType = (type: string) => messages.filter(({ metadata }) => metadata?.['originalType'] === type).length;
  return held + Math.max(ofType('tool_call'), ofType('tool_result'));
}

const SESSION_TEXTS = [
  ['project_id', 'projectId'],
  ['project_path', 'projectPath', 'workingDirectory'],
  ['name', 'name'],
  ['model', 'model'],
] as const;

function parseMessage(entry: unknown, index: number): ImportedMessage | { reasons: string[] } {
  const read = new EntryReader(entry);
  const role = readRole(read);
  const content = read.optionalText('content');
  const toolCallId = read.optionalText('toolCallId');
  const toolCalls = read.json('toolCalls') ?? undefined;
  const created = read.optionalInstant('createdAt') ?? read.optionalInstant('timestamp');
  const metadata = withoutAbsent<JsonValue>({
    originalType: role?.originalType,
    toolCallName: read.optionalText('toolCallName'),
    toolCallSuccess: read.optionalFlag('toolCallSuccess'),
  });
  if (role === undefined || read.reasons.length > 0) return { reasons: read.reasons };
  return {
    role: role.role,
    tokens: 0,
    // Its place in the file names it, so that a second import does not append it again.
    operation_id: `legacy:${index}`,
    ...(created === undefined ? {} : { created_at: created }),
    ...(content === undefined ? {} : { content }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

/** Who says what is written under these types; what has another type was said by the program itself. */
const ROLES_OF_TYPES = new Map<unknown, MessageRole>([
  ['tool_call', 'assistant'],
  ['tool_result', 'tool'],
  ['reasoning', 'assistant'],
]);

/** Reads the role of a message, or makes one of its type, which is then kept beside it. */
function readRole(read: EntryReader): { role: MessageRole; originalType?: string } | undefined {
  const given = read.any('role') ?? read.any('type');
  const role = MESSAGE_ROLES.find((known) => known === given);
  if (role !== undefined) return { role };
  const type = read.any('role') === undefined ? read.optionalText('type') : undefined;
  if (type) return { role: ROLES_OF_TYPES.get(type) ?? 'system', originalType: type };
  if (read.isObject) read.reasons.push(`role is not one of ${MESSAGE_ROLES.join(', ')}`);
  return undefined;
}
