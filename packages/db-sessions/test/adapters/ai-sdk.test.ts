import { temporaryDatabase } from '@codebuddy/test-kit';
import { convertToModelMessages, type UIMessage, validateUIMessages } from 'ai';
import { describe, expect, it } from 'vitest';
import { addUIMessage, getUIMessages } from '../../src/adapters/ai-sdk.ts';
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
