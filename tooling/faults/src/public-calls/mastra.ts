import * as mastra from '@codebuddy/db-sessions/mastra';
import type { PublicModule } from './public-object.ts';

export const mastraModule: PublicModule = {
  exports: { ...mastra },
  objects: {
    MastraSessionMemory: async ({ manager }) => {
      const { memory } = (await mastra.MastraSessionStorage.create(manager)).stores;
      await memory.saveThread({ thread: thread('t') });
      return { target: memory, calls: memoryCalls() };
    },
  },
  functions: ({ manager }) => ({
    target: { 'MastraSessionStorage.create': mastra.MastraSessionStorage.create.bind(undefined, manager) },
    calls: { 'MastraSessionStorage.create': [{ clock: () => 1 }] },
  }),
  withoutInput: ['MastraSessionStorage'],
};

function thread(id: string) {
  const at = new Date(0);
  return { id, resourceId: 'r', title: 'title', metadata: { a: 1 }, createdAt: at, updatedAt: at };
}

function memoryCalls() {
  const at = new Date(0);
  const message = {
    id: 'm',
    threadId: 't',
    resourceId: 'r',
    role: 'user',
    type: 'text',
    createdAt: at,
    content: { format: 2, parts: [{ type: 'text', text: 'hello' }], metadata: { a: 1 } },
  };
  const listing = {
    perPage: 5,
    page: 0,
    orderBy: { field: 'createdAt', direction: 'DESC' },
    filter: { dateRange: { start: at, end: at, startExclusive: true }, metadata: { a: 1 } },
    include: [{ id: 'm', withPreviousMessages: 1, withNextMessages: 1 }],
    includeTotal: false,
  };
  const resource = { id: 'r', workingMemory: 'w', metadata: { a: 1 }, createdAt: at, updatedAt: at };
  return {
    getThreadById: [{ threadId: 't', resourceId: 'r' }],
    saveThread: [{ thread: thread('u') }],
    updateThread: [{ id: 't', title: 'other', metadata: { b: 2 } }],
    deleteThread: [{ threadId: 'none' }],
    updateThreadResourceId: [{ threadId: 't', resourceId: 's' }],
    listThreads: [
      {
        perPage: 5,
        page: 0,
        orderBy: { field: 'updatedAt', direction: 'ASC' },
        filter: { resourceId: 'r', metadata: { a: 1 } },
      },
    ],
    copyThread: [
      { sourceThreadId: 't', resourceId: 's', title: 'copy', metadata: { a: 1 }, options: { messageLimit: 2 } },
    ],
    saveMessages: [{ messages: [message] }],
    updateMessages: [{ messages: [{ id: 'm', role: 'assistant', content: { metadata: { b: 2 } } }] }],
    listMessages: [{ threadId: ['t'], resourceId: 'r', ...listing }],
    listMessagesByResourceId: [{ resourceId: 'r', ...listing }],
    listMessagesById: [{ messageIds: ['m'] }],
    deleteMessages: [['none']],
    getResourceById: [{ resourceId: 'r' }],
    saveResource: [{ resource }],
    updateResource: [{ resourceId: 'r', workingMemory: 'w', metadata: { b: 2 } }],
    dangerouslyClearAll: [],
  };
}
