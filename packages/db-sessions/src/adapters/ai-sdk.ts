import type { Message } from '@codebuddy/db-core';
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
 * Appends a message of the AI SDK's UI (https://ai-sdk.dev) to a session; its parts are kept as they are, its texts are found
 * by `searchMessages`. Its id makes it safe to repeat: one that is there already is not stored twice.
 *
 * @throws NotFoundError when there is no such session
 * @throws ConflictError when the session has another message with this id
 */
export function addUIMessage(sessions: SessionRepository, sessionId: string, message: UIMessage): void {
  const parts = requireArray(requireObject(message, 'message').parts, 'parts');
  for (const part of parts) requireObject(part, 'parts');
  const texts = parts.flatMap((part) => (part.type === 'text' ? [requireStringOrEmpty(part.text, 'parts')] : []));
  sessions.addMessage({
    session_id: sessionId,
    role: message.role,
    content: texts.join('\n'),
    operation_id: requireString(message.id, 'id'),
    metadata: { format: FORMAT, message: encodeJson(message, 'message') },
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
