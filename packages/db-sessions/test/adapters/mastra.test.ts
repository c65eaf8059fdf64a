import { redactSecrets } from '@codebuddy/db-core';
import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { Agent, type MastraDBMessage } from '@mastra/core/agent';
import { MockMemory } from '@mastra/core/memory';
import { InMemoryStore, type MemoryStorage } from '@mastra/core/storage';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { MastraSessionStorage } from '../../src/adapters/mastra/storage.ts';
import { SessionRepository } from '../../src/index.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

const thread = (id: string, resourceId = 'user', minute = 0, metadata?: Record<string, unknown>) => ({
  id,
  resourceId,
  title: `About ${id}`,
  createdAt: at(minute),
  updatedAt: at(minute),
  ...(metadata && { metadata }),
});

const message = (id: string, threadId: string, minute: number, text = id, resourceId = 'user'): MastraDBMessage => ({
  id,
  threadId,
  resourceId,
  role: 'user',
  type: 'text',
  createdAt: at(minute),
  content: { format: 2, parts: [{ type: 'text', text }], metadata: { n: minute } },
});

describe('the storage of Mastra', () => {
  let database: TemporaryDatabase;
  let storage: MastraSessionStorage;
  let memory: MemoryStorage;
  beforeEach(async () => {
    database = await temporaryDatabase();
    storage = await MastraSessionStorage.create(database.manager);
    memory = storage.stores.memory;
  });
  afterEach(() => database[Symbol.dispose]());

  it('remembers the conversation of an agent, over processes, where searchMessages finds it', async () => {
    const prompts: string[] = [];
    const model = new MockLanguageModelV4({
      doGenerate: async ({ prompt }) => {
        prompts.push(JSON.stringify(prompt));
        return {
          content: [{ type: 'text', text: `Answer ${prompts.length} about almonds` }],
          finishReason: { unified: 'stop', raw: undefined },
          usage: {
            inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
            outputTokens: { total: 2, text: 2, reasoning: 0 },
          },
          warnings: [],
        };
      },
    });
    const ask = async (question: string) => {
      const own = await MastraSessionStorage.create(database.manager);
      const remembering = new MockMemory({ options: { lastMessages: 10 } });
      remembering.setStorage(own);
      const parts = { id: 'helper', name: 'Helper', instructions: 'Help.', memory: remembering };
      // Mastra has the types of the AI SDK from a copy of its own.
      const agent = new Agent(Object.assign(Object.create(null), parts, { model }));
      return agent.generate(question, { memory: { thread: 'chat', resource: 'user-1' } });
    };
    await ask('What is a walnut?');
    expect((await ask('And now?')).text).toBe('Answer 2 about almonds');
    expect(prompts[1]).toContain('What is a walnut?');
    expect(prompts[1]).toContain('Answer 1 about almonds');
    const { messages } = await memory.listMessages({ threadId: 'chat' });
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    const sessions = new SessionRepository(database.db);
    expect(sessions.searchMessages('walnut')[0]?.session).toMatchObject({ id: 'chat', project_id: 'user-1' });
    expect(sessions.getSessionById('chat')?.message_count).toBe(4);
  });

  it('answers as the memory does that Mastra brings', async () => {
    const theirs = await new InMemoryStore().getStore('memory');
    if (theirs === undefined) throw new Error('expected a memory');
    const both = async (call: (memory: MemoryStorage) => Promise<unknown>) => {
      const [ours, expected] = [await call(memory), await call(theirs)];
      expect(ours).toEqual(expected);
    };
    await both((each) => each.saveThread({ thread: thread('a', 'user', 1, { topic: 'nuts', deep: { x: [1] } }) }));
    await both((each) => each.saveThread({ thread: thread('b', 'user', 2) }));
    await both((each) => each.saveThread({ thread: thread('c', 'other', 3) }));
    await both((each) => each.getThreadById({ threadId: 'a' }));
    await both((each) => each.getThreadById({ threadId: 'a', resourceId: 'other' }));
    await both((each) => each.getThreadById({ threadId: 'none' }));
    await both((each) => each.listThreads({ filter: { resourceId: 'user' }, orderBy: { field: 'createdAt' } }));
    await both((each) => each.listThreads({ orderBy: { field: 'createdAt', direction: 'ASC' }, perPage: 2, page: 1 }));
    await both((each) => each.listThreads({ filter: { metadata: { topic: 'nuts', deep: { x: [1] } } } }));
    await both((each) => each.listThreads({ filter: { metadata: { topic: 'none' } }, perPage: false }));
    const list = [
      message('m1', 'a', 10, 'one'),
      message('m2', 'a', 11, 'two'),
      message('m3', 'a', 12, 'three'),
      message('m4', 'b', 13, 'four'),
      message('m5', 'c', 14, 'five', 'other'),
      { ...message('m6', 'a', 9, 'six'), role: 'assistant' as const },
    ];
    await both(async (each) => {
      await each.saveMessages({ messages: list });
    });
    const pages = [
      { threadId: 'a' },
      { threadId: 'a', perPage: 2 },
      { threadId: 'a', perPage: 2, page: 1, orderBy: { field: 'createdAt', direction: 'DESC' } },
      { threadId: 'a', perPage: false },
      { threadId: 'a', perPage: 0 },
      { threadId: ['a', 'b'], resourceId: 'user' },
      { threadId: 'a', resourceId: 'other' },
      { threadId: 'none' },
      { threadId: 'a', filter: { dateRange: { start: at(10), end: at(11) } } },
      {
        threadId: 'a',
        filter: { dateRange: { start: at(10), startExclusive: true, end: at(12), endExclusive: true } },
      },
      { threadId: 'a', filter: { metadata: { n: 11 } } },
      { threadId: 'a', filter: { metadata: { n: '11' } } },
      { threadId: 'a', perPage: 0, include: [{ id: 'm2', withPreviousMessages: 1, withNextMessages: 1 }] },
      { threadId: 'a', perPage: false, include: [{ id: 'm5' }, { id: 'none' }] },
      { threadId: 'a', resourceId: 'user', perPage: false, include: [{ id: 'm5' }] },
    ] satisfies Parameters<MemoryStorage['listMessages']>[0][];
    for (const page of pages) await both((each) => each.listMessages(page));
    await both((each) => each.listMessagesByResourceId({ resourceId: 'user', perPage: 3 }));
    await both((each) =>
      each.listMessagesByResourceId({ resourceId: 'user', orderBy: { field: 'createdAt', direction: 'DESC' } }),
    );
    await both((each) => each.listMessagesById({ messageIds: ['m3', 'none', 'm1'] }));
    const changes: Parameters<MemoryStorage['updateMessages']>[0]['messages'] = [
      { id: 'm1', content: { ...message('m1', 'a', 1).content, metadata: { seen: true } } },
      { id: 'm2', threadId: 'b' },
      { id: 'none', role: 'assistant' },
    ];
    await both((each) => each.updateMessages({ messages: changes }));
    await both((each) => each.listMessages({ threadId: 'b' }));
    await both((each) => each.deleteMessages(['m1', 'none']));
    await both((each) => each.listMessages({ threadId: 'a' }));
    await both((each) => each.deleteThread({ threadId: 'a' }));
    await both((each) => each.listMessagesById({ messageIds: ['m3', 'm2'] }));
    const resource = { id: 'user', workingMemory: '# Ada', metadata: { a: 1 }, createdAt: at(1), updatedAt: at(1) };
    await both((each) => each.saveResource({ resource }));
    await both((each) => each.getResourceById({ resourceId: 'user' }));
    await both(async (each) => {
      const { updatedAt: _, ...rest } = await each.updateResource({ resourceId: 'user', metadata: { b: 2 } });
      return rest;
    });
    await both((each) => each.getResourceById({ resourceId: 'none' }));
  });

  it('replaces a message that has grown, and finds the new text only', async () => {
    await memory.saveThread({ thread: thread('a') });
    await memory.saveMessages({ messages: [message('m1', 'a', 1, 'almond'), message('m2', 'a', 2)] });
    await memory.saveMessages({ messages: [message('m1', 'a', 1, 'walnut')] });
    const sessions = new SessionRepository(database.db);
    expect([sessions.searchMessages('almond').length, sessions.searchMessages('walnut').length]).toEqual([0, 1]);
    expect((await memory.listMessages({ threadId: 'a' })).total).toBe(2);
    expect((await memory.getThreadById({ threadId: 'a' }))?.updatedAt.getTime()).toBeGreaterThan(at(2).getTime());
  });

  it('changes of a thread what is named, and moves it to another resource with its messages', async () => {
    await memory.saveThread({ thread: thread('a', 'user', 0, { kept: 1 }) });
    await memory.saveMessages({ messages: [message('m1', 'a', 1)] });
    await memory.updateThread({ id: 'a', metadata: { more: 2 } });
    expect(await memory.updateThread({ id: 'a', title: 'Nuts' })).toMatchObject({
      title: 'Nuts',
      metadata: { kept: 1, more: 2 },
      createdAt: at(0),
    });
    expect(await memory.updateThreadResourceId({ threadId: 'a', resourceId: 'team' })).toMatchObject({
      resourceId: 'team',
      createdAt: at(0),
    });
    expect((await memory.listMessagesByResourceId({ resourceId: 'team' })).messages[0]).toMatchObject({
      id: 'm1',
      resourceId: 'team',
    });
    await expect(memory.updateThread({ id: 'none', title: 'x' })).rejects.toMatchObject({ code: 'DB_NOT_FOUND' });
  });

  it('copies a thread, and the copy is a thread of its own', async () => {
    await memory.saveThread({ thread: thread('a') });
    await memory.saveMessages({ messages: [1, 2, 3].map((minute) => message(`m${minute}`, 'a', minute)) });
    const clone = { sourceThreadId: 'a', newThreadId: 'b', options: { messageLimit: 2 } };
    const { thread: copy, clonedMessages } = await memory.cloneThread(clone);
    expect(copy).toMatchObject({ id: 'b', title: 'Clone of About a', metadata: { clone: { lastMessageId: 'm3' } } });
    expect(clonedMessages.map(({ content }) => content.metadata?.['n'])).toEqual([2, 3]);
    await expect(memory.cloneThread(clone)).rejects.toMatchObject({ code: 'DB_CONFLICT' });
    await memory.deleteThread({ threadId: 'a' });
    expect((await memory.listMessages({ threadId: 'b' })).total).toBe(2);
  });

  it('stores all messages of a call, or none', async () => {
    await memory.saveThread({ thread: thread('a') });
    await expect(
      memory.saveMessages({ messages: [message('m1', 'a', 1), message('m2', 'none', 2)] }),
    ).rejects.toMatchObject({ code: 'DB_NOT_FOUND' });
    expect((await memory.listMessages({ threadId: 'a' })).messages).toEqual([]);
    const undated = { ...message('m1', 'a', 1), createdAt: new Date(Number.NaN) };
    await expect(memory.saveMessages({ messages: [undated] })).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
    await expect(memory.listMessages({ threadId: ' ' })).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
    await expect(memory.listMessages({ threadId: 'a', page: -1 })).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
  });

  it('shows sessions that came another way as threads, and leaves them alone when it is cleared', async () => {
    const sessions = new SessionRepository(database.db);
    const { id } = sessions.createSession({ project_id: 'user', name: 'Own', metadata: { own: true } });
    sessions.addMessage({ session_id: id, role: 'tool', content: 'done' });
    await memory.saveThread({ thread: thread('a') });
    const own = await memory.getThreadById({ threadId: id });
    expect(own).toMatchObject({ resourceId: 'user', title: 'Own' });
    await memory.updateThread({ id, title: 'Renamed' });
    expect(sessions.getSessionById(id)?.metadata).toMatchObject({ own: true });
    const { messages } = await memory.listMessages({ threadId: id, resourceId: 'user' });
    expect(messages).toMatchObject([{ role: 'assistant', content: { parts: [{ type: 'text', text: 'done' }] } }]);
    sessions.createSession({ id: 'untouched' });
    await memory.dangerouslyClearAll();
    expect(sessions.getSessionById('untouched')).not.toBeNull();
    expect(await memory.getThreadById({ threadId: 'a' })).toBeNull();
  });

  it('has no other domain', async () => {
    expect(await storage.getStore('workflows')).toBeUndefined();
    expect(Object.keys(storage.stores)).toEqual(['memory']);
    expectTypeOf(storage.stores).not.toHaveProperty('workflows');
  });
});

it('the storage of Mastra on a connection that redacts secrets keeps none', async () => {
  const token = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
  using database = await temporaryDatabase({ redact: redactSecrets });
  const { memory } = (await MastraSessionStorage.create(database.manager)).stores;
  await memory.saveThread({ thread: { ...thread('a', 'user', 0, { token }), title: token } });
  await memory.saveMessages({ messages: [message('m', 'a', 1, token)] });
  await memory.updateResource({ resourceId: 'user', workingMemory: token, metadata: { token } });
  const rows = ['sessions', 'messages', 'mastra_resources'].map((table) =>
    JSON.stringify(database.db.prepare(`SELECT * FROM ${table}`).all()),
  );
  expect(rows.join()).not.toContain(token);
});
