import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import {
  convertToModelMessages,
  generateId,
  simulateReadableStream,
  streamText,
  tool,
  type UIMessage,
  validateUIMessages,
} from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addUIMessage, getUIMessages, saveUIMessages } from '../../src/adapters/ai-sdk.ts';
import { SessionRepository } from '../../src/index.ts';

const messages: UIMessage[] = [
  {
    id: 'm1',
    role: 'user',
    metadata: { client: 'web' },
    parts: [
      { type: 'text', text: 'What is on this picture?' },
      { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,iVBORw0KGgo=', filename: 'a.png' },
    ],
  },
  {
    id: 'm2',
    role: 'assistant',
    parts: [
      { type: 'step-start' },
      { type: 'reasoning', text: 'A cat, it seems.', state: 'done', providerMetadata: { openai: { itemId: 'r1' } } },
      {
        type: 'dynamic-tool',
        toolName: 'look',
        toolCallId: 'c1',
        state: 'output-available',
        input: { zoom: 2 },
        output: { animal: 'cat', sure: 0.9 },
      },
      { type: 'source-url', sourceId: 's', url: 'https://example.com', title: 'Cats' },
      { type: 'text', text: 'A cat. 🐈', state: 'done' },
    ],
  },
];

describe('messages of the AI SDK', () => {
  it('come back unchanged, and are valid to it', async () => {
    using database = await temporaryDatabase();
    const sessions = new SessionRepository(database.db);
    const { id } = sessions.createSession();
    for (const message of messages) addUIMessage(sessions, id, message);
    const stored = getUIMessages(sessions, id);
    expect(stored).toEqual(messages);
    expect(await validateUIMessages({ messages: stored })).toEqual(messages);
    expect((await convertToModelMessages(stored)).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  });

  it('are stored once, and found by their texts', async () => {
    using database = await temporaryDatabase();
    const sessions = new SessionRepository(database.db);
    const { id } = sessions.createSession();
    for (const message of [...messages, ...messages]) addUIMessage(sessions, id, message);
    expect(getUIMessages(sessions, id)).toHaveLength(2);
    expect(sessions.searchMessages('picture')[0]?.message.operation_id).toBe('m1');
  });

  it('come as texts if they have another origin, and none loses the conversation', async () => {
    using database = await temporaryDatabase();
    const sessions = new SessionRepository(database.db);
    const { id } = sessions.createSession();
    sessions.addMessage({ session_id: id, role: 'user', content: 'imported' });
    sessions.addMessage({ session_id: id, role: 'tool' });
    for (const message of messages) addUIMessage(sessions, id, message);
    expect(await validateUIMessages({ messages: getUIMessages(sessions, id) })).toHaveLength(4);
  });
});

describe('a chat of the AI SDK that goes on', () => {
  let database: TemporaryDatabase;
  let sessions: SessionRepository;
  let id: string;
  beforeEach(async () => {
    database = await temporaryDatabase();
    sessions = new SessionRepository(database.db);
    ({ id } = sessions.createSession());
  });
  afterEach(() => database[Symbol.dispose]());

  const said = (id: string, text: string, role: UIMessage['role'] = 'user'): UIMessage => ({
    id,
    role,
    parts: [{ type: 'text', text }],
  });
  const texts = () =>
    getUIMessages(sessions, id).map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join());

  it.each([
    ['saveUIMessages', saveUIMessages],
    [
      'addUIMessage for each',
      (...[repository, chat, list]: Parameters<typeof saveUIMessages>) => {
        for (const message of list) addUIMessage(repository, chat, message);
      },
    ],
  ])("keeps the client's tool result and the answer to it, saved by %s", async (_, save) => {
    const usage = {
      inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 2, text: 2, reasoning: 0 },
    };
    const finish = (unified: 'tool-calls' | 'stop') =>
      ({ type: 'finish', finishReason: { unified, raw: undefined }, usage }) as const;
    let turn = 0;
    const asking = () =>
      simulateReadableStream({
        chunks: [
          { type: 'tool-call', toolCallId: 'c1', toolName: 'confirm', input: '{}' } as const,
          finish('tool-calls'),
        ],
      });
    const answering = () =>
      simulateReadableStream({
        chunks: [
          { type: 'text-start', id: 't' } as const,
          { type: 'text-delta', id: 't', delta: 'Deleted' } as const,
          { type: 'text-end', id: 't' } as const,
          finish('stop'),
        ],
      });
    const model = new MockLanguageModelV4({
      doStream: async () => ({ stream: turn++ === 0 ? asking() : answering() }),
    });
    const post = async (originalMessages: UIMessage[]) => {
      const result = streamText({
        model,
        messages: await convertToModelMessages(originalMessages),
        tools: { confirm: tool({ inputSchema: z.object({}) }) },
      });
      const finished = Promise.withResolvers<void>();
      const response = result.toUIMessageStreamResponse({
        originalMessages,
        generateMessageId: generateId,
        onFinish: ({ messages: chat }) => {
          save(sessions, id, chat);
          finished.resolve();
        },
      });
      await response.text();
      await finished.promise;
    };

    await post([said('u1', 'delete the file')]);
    const [question, call] = getUIMessages(sessions, id);
    const before = sessions.getMessages(id);
    if (question === undefined || call === undefined) throw new Error('expected a question and a call');
    const parts = call.parts.map((part) =>
      part.type === 'tool-confirm' ? { ...part, state: 'output-available' as const, output: 'yes' } : part,
    );
    // As `addToolOutput` of useChat does.
    await post([question, Object.assign(call, { parts })]);
    const stored = getUIMessages(sessions, id);
    expect(stored.map(({ id: message, role }) => [message, role])).toEqual([
      ['u1', 'user'],
      [call.id, 'assistant'],
    ]);
    expect(stored[1]?.parts).toContainEqual(expect.objectContaining({ state: 'output-available', output: 'yes' }));
    expect(stored[1]?.parts).toContainEqual(expect.objectContaining({ type: 'text', text: 'Deleted' }));
    expect(sessions.searchMessages('deleted')[0]?.message.operation_id).toBe(call.id);
    const place = ({ id: row, created_at }: { id: number; created_at: string }) => ({ row, created_at });
    expect(sessions.getMessages(id).map(place)).toEqual(before.map(place));
  });

  it('is searched by the new text only, and is updated when a message is', () => {
    saveUIMessages(sessions, id, [said('u1', 'hello'), said('a1', 'almond', 'assistant')]);
    database.db.exec("UPDATE sessions SET updated_at = '2020-01-01T00:00:00.000Z'");
    saveUIMessages(sessions, id, [said('u1', 'hello'), said('a1', 'almond', 'assistant')]);
    expect(sessions.getSessionById(id)?.updated_at).toBe('2020-01-01T00:00:00.000Z');
    saveUIMessages(sessions, id, [said('u1', 'hello'), said('a1', 'walnut', 'assistant')]);
    expect([sessions.searchMessages('almond'), sessions.searchMessages('walnut').length]).toEqual([[], 1]);
    expect(sessions.getSessionById(id)?.updated_at).not.toBe('2020-01-01T00:00:00.000Z');
    expect(sessions.getSessionById(id)?.message_count).toBe(2);
  });

  it('loses the earlier answer when another one takes its place, and what followed an edit', () => {
    const chat = [
      said('u1', 'one'),
      said('a1', 'answer', 'assistant'),
      said('u2', 'two'),
      said('a2', 'end', 'assistant'),
    ];
    saveUIMessages(sessions, id, chat);
    saveUIMessages(sessions, id, [...chat.slice(0, 3), said('a3', 'other end', 'assistant')]);
    expect(texts()).toEqual(['one', 'answer', 'two', 'other end']);
    saveUIMessages(sessions, id, [...chat.slice(0, 1), said('a4', 'other answer', 'assistant')]);
    expect(texts()).toEqual(['one', 'other answer']);
  });

  it('keeps what a list leaves out at its beginning or its end', () => {
    const chat = [said('u1', 'one'), said('a1', 'answer', 'assistant'), said('u2', 'two')];
    saveUIMessages(sessions, id, chat);
    saveUIMessages(sessions, id, chat.slice(0, 2));
    saveUIMessages(sessions, id, [said('u2', 'two'), said('a2', 'end', 'assistant')]);
    saveUIMessages(sessions, id, [said('u3', 'three')]);
    saveUIMessages(sessions, id, []);
    expect(texts()).toEqual(['one', 'answer', 'two', 'end', 'three']);
  });

  it('neither doubles nor strips messages of another origin', () => {
    sessions.addMessage({ session_id: id, role: 'user', content: 'imported', operation_id: 'op', tool_calls: [1] });
    sessions.addMessage({ session_id: id, role: 'assistant', content: 'reply' });
    const [first, second] = getUIMessages(sessions, id);
    if (first === undefined || second === undefined) throw new Error('expected two messages');
    const grown = { ...second, parts: [...second.parts, { type: 'text' as const, text: 'and more' }] };
    for (let again = 0; again < 2; again++) saveUIMessages(sessions, id, [first, grown, said('u9', 'next')]);
    expect(texts()).toEqual(['imported', 'reply,and more', 'next']);
    expect(sessions.getMessages(id)[0]).toMatchObject({ operation_id: 'op', tool_calls: [1] });
  });

  it('is saved as a whole, or not at all', () => {
    saveUIMessages(sessions, id, [said('u1', 'one'), said('a1', 'answer', 'assistant')]);
    const [broken, withoutParts] = [said('x', 'broken'), said('y', 'broken')];
    Reflect.set(broken, 'role', 'nobody');
    Reflect.deleteProperty(withoutParts, 'parts');
    expect(() => saveUIMessages(sessions, id, [said('u1', 'changed'), broken])).toThrow(/Invalid role/);
    expect(() => saveUIMessages(sessions, id, [said('u1', 'changed'), withoutParts])).toThrow(/Invalid parts/);
    expect(texts()).toEqual(['one', 'answer']);
    expect(() => saveUIMessages(sessions, 'none', [said('u1', 'one')])).toThrow(
      expect.objectContaining({ code: 'DB_NOT_FOUND' }),
    );
  });
});
