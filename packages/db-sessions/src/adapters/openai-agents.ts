import type { Message, MessageRole, NewMessage } from '@codebuddy/db-core';
import {
  decodeJson,
  encodeJson,
  isPlainObject,
  optionalInteger,
  requireArray,
  requireObject,
  requireString,
} from '@codebuddy/db-core/internal';
import type { AgentInputItem, Session } from '@openai/agents-core';
import type { SessionRepository } from '../sessions/session-repository.ts';

const FORMAT = 'openai-agents/1';

/**
 * A `Session` of the OpenAI Agents SDK (https://openai.github.io/openai-agents-js/guides/sessions) that keeps its items as
 * messages: what was said is found by `searchMessages`, and each item comes back as it was.
 *
 * @example
 * ```ts
 * import { OpenAIAgentsSession } from '@codebuddy/db-sessions/openai-agents';
 *
 * const session = new OpenAIAgentsSession(sessions, 'support-42');
 * await run(agent, 'Where is my parcel?', { session });
 * ```
 */
export class OpenAIAgentsSession implements Session {
  readonly #sessions: SessionRepository;
  #id: string | undefined;

  /** @param sessionId - default: that of a new session, made when it is first needed */
  constructor(sessions: SessionRepository, sessionId?: string) {
    this.#sessions = sessions;
    this.#id = sessionId === undefined ? undefined : requireString(sessionId, 'sessionId');
  }

  /** Returns the session's id, and starts the session if it is not there yet. */
  async getSessionId(): Promise<string> {
    return this.#open();
  }

  /** Returns the items, oldest first: all, or the last `limit`. */
  async getItems(limit?: number): Promise<AgentInputItem[]> {
    const count = optionalInteger(limit, 'limit');
    const id = this.#open();
    const messages =
      count === undefined ? this.#sessions.getMessages(id) : this.#sessions.getRecentMessages(id, Math.max(0, count));
    return messages.map(toItem);
  }

  /** Appends items, all or none. */
  async addItems(items: AgentInputItem[]): Promise<void> {
    const messages = requireArray(items, 'items').map(toNewMessage);
    const id = this.#open();
    this.#sessions.addMessages(messages.map((message) => ({ ...message, session_id: id })));
  }

  /** Takes the newest item away and returns it. */
  async popItem(): Promise<AgentInputItem | undefined> {
    const message = this.#sessions.popMessage(this.#open());
    return message === null ? undefined : toItem(message);
  }

  /** Deletes every item; the session stays. */
  async clearSession(): Promise<void> {
    this.#sessions.deleteMessages(this.#open());
  }

  #open(): string {
    if (this.#id === undefined) this.#id = this.#sessions.createSession().id;
    else if (this.#sessions.getSessionById(this.#id) === null) this.#sessions.createSession({ id: this.#id });
    return this.#id;
  }
}

function toNewMessage(item: AgentInputItem): Omit<NewMessage, 'session_id'> {
  requireObject(item, 'items');
  return {
    role: roleOf(item),
    content: textOf('content' in item ? item.content : undefined),
    metadata: { format: FORMAT, item: encodeJson(item, 'items') },
  };
}

function toItem(message: Message): AgentInputItem {
  const { format, item } = message.metadata ?? {};
  if (format !== FORMAT || typeof item !== 'string') return toPlainItem(message);
  const parsed = decodeJson(item);
  return isItem(parsed) ? parsed : toPlainItem(message);
}

/** It was an item when it was stored: only damage, or SQL of somebody else, can have left anything else. */
function isItem(value: unknown): value is AgentInputItem {
  return isPlainObject(value) && (typeof value['type'] === 'string' || typeof value['role'] === 'string');
}

/** A message that came another way, from an import or from the agent's own code. */
function toPlainItem({ role, content = '' }: Message): AgentInputItem {
  if (role === 'system') return { role, content };
  if (role !== 'assistant') return { role: 'user', content };
  return { role, status: 'completed', content: [{ type: 'output_text', text: content }] };
}

function roleOf(item: AgentInputItem): MessageRole {
  const role = 'role' in item ? item.role : undefined;
  return role === 'user' || role === 'assistant' || role === 'system' ? role : 'tool';
}

/** The searchable text of a message: the texts of its parts. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  const parts = decodeJson(encodeJson(content ?? [], 'content'));
  if (!Array.isArray(parts)) return undefined;
  const texts = parts.flatMap((part) => {
    const text = typeof part === 'object' && part !== null ? Reflect.get(part, 'text') : undefined;
    return typeof text === 'string' ? [text] : [];
  });
  return texts.length === 0 ? undefined : texts.join('\n');
}
