import { isDeepStrictEqual } from 'node:util';
import type { Message, NewMessage } from '@codebuddy/db-core';
import {
  decodeJson,
  encodeJson,
  isPlainObject,
  requireArray,
  requireObject,
  requireString,
  requireStringOrEmpty,
} from '@codebuddy/db-core/internal';
import type { UIMessage } from 'ai';
import type { SessionRepository } from '../sessions/session-repository.ts';

const FORMAT = 'ai-sdk/1';

/**
 * Stores a message of the AI SDK's UI (https://ai-sdk.dev) in a session; its parts are kept as they are, its texts are found
 * by `searchMessages`. A message with the same id, such as one that has gained a tool's result since, is replaced where it
 * stands; otherwise it is appended.
 *
 * @throws NotFoundError when there is no such session
 */
export function addUIMessage(sessions: SessionRepository, sessionId: string, message: UIMessage): void {
  const row = toNewMessage(sessionId, message);
  sessions.transaction(() => {
    const stored = sessions.getMessageByOperation(sessionId, row.operation_id);
    if (stored === null) sessions.addMessage(row);
    else replaceIfChanged(sessions, stored, row);
  });
}

/**
 * Stores a whole chat as the AI SDK's `onFinish` gives it, all or nothing: messages that have grown are replaced where they stand,
 * new ones are appended. From the first message on that differs from the stored one, as after an edit or a second answer,
 * the stored messages are deleted; a list that only ends earlier deletes nothing. The list may begin in the middle of the chat.
 *
 * @throws NotFoundError when there is no such session
 *
 * @example
 * ```ts
 * import { getUIMessages, saveUIMessages } from '@codebuddy/db-sessions/ai-sdk';
 *
 * const originalMessages = [...getUIMessages(sessions, 'chat-7'), message];
 * result.toUIMessageStreamResponse({
 *   originalMessages,
 *   onFinish: ({ messages }) => saveUIMessages(sessions, 'chat-7', messages),
 * });
 * ```
 */
export function saveUIMessages(sessions: SessionRepository, sessionId: string, messages: readonly UIMessage[]): void {
  const rows = requireArray(messages, 'messages').map((message) => toNewMessage(sessionId, message));
  sessions.transaction(() => {
    const stored = sessions.getMessages(sessionId);
    const ids = stored.map((message) => toUIMessage(message).id);
    const start = Math.max(0, ids.indexOf(rows[0]?.operation_id ?? ''));
    const different = rows.findIndex((row, index) => ids[start + index] !== row.operation_id);
    const firstLeftOut = different === -1 ? undefined : stored[start + different];
    // A list of new messages alone, such as the answer, continues the chat.
    if (different > 0 && firstLeftOut !== undefined) sessions.deleteMessages(sessionId, firstLeftOut.id);
    for (const [index, row] of rows.entries()) {
      const same = index < different || different === -1 ? stored[start + index] : undefined;
      const earlier = same ?? sessions.getMessageByOperation(sessionId, row.operation_id);
      if (earlier === null) sessions.addMessage(row);
      else replaceIfChanged(sessions, earlier, row);
    }
  });
}

/**
 * Returns the messages of a session as the AI SDK's UI has them, oldest first, each with the parts it was stored with. Their
 * types are the caller's word: `validateUIMessages` of the AI SDK checks them.
 *
 * @example
 * ```ts
 * import { getUIMessages } from '@codebuddy/db-sessions/ai-sdk';
 *
 * const messages = await convertToModelMessages(getUIMessages(sessions, 'chat-7'));
 * ```
 */
export function getUIMessages<Stored extends UIMessage = UIMessage>(
  sessions: SessionRepository,
  sessionId: string,
): Stored[];
export function getUIMessages(sessions: SessionRepository, sessionId: string): UIMessage[] {
  return sessions.getMessages(sessionId).map(toUIMessage);
}

interface NewUIMessage extends NewMessage {
  readonly operation_id: string;
  readonly metadata: { readonly format: string; readonly message: string };
}

function toNewMessage(sessionId: string, message: UIMessage): NewUIMessage {
  const parts = requireArray(requireObject(message, 'message').parts, 'parts');
  for (const part of parts) requireObject(part, 'parts');
  const texts = parts.flatMap((part) => (part.type === 'text' ? [requireStringOrEmpty(part.text, 'parts')] : []));
  return {
    session_id: sessionId,
    role: message.role,
    content: texts.join('\n'),
    operation_id: requireString(message.id, 'id'),
    metadata: { format: FORMAT, message: encodeJson(message, 'message') },
  };
}

/** A message of another origin that the UI has left alone keeps what the UI does not show. */
function replaceIfChanged(sessions: SessionRepository, stored: Message, row: NewUIMessage): void {
  if (!isDeepStrictEqual(toUIMessage(stored), decodeJson(row.metadata.message)))
    sessions.replaceMessage(stored.id, row);
}

function toUIMessage(message: Message): UIMessage {
  const { format, message: stored } = message.metadata ?? {};
  if (format === FORMAT && typeof stored === 'string') {
    const parsed = decodeJson(stored);
    if (isUIMessage(parsed)) return parsed;
  }
  const role = message.role === 'tool' ? 'assistant' : message.role;
  return { id: String(message.id), role, parts: [{ type: 'text', text: message.content ?? '' }] };
}

/** It was a UI message when it was stored: only damage, or SQL of somebody else, can have left anything else. */
function isUIMessage(value: unknown): value is UIMessage {
  return (
    isPlainObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['role'] === 'string' &&
    Array.isArray(value['parts'])
  );
}
