import { LangGraphCheckpointer } from '@codebuddy/db-sessions/langgraph';
import { partsOf, textOf, type WritingCalls } from './writing-call.ts';

const configOf = (thread: string) => ({ configurable: { thread_id: thread, checkpoint_ns: '', checkpoint_id: 'c' } });

function put(checkpointer: LangGraphCheckpointer, thread: string) {
  const checkpoint = {
    v: 4,
    id: 'd',
    ts: '2026-01-01T00:00:00.000Z',
    channel_values: { messages: [textOf(thread)] },
    channel_versions: { messages: 1 },
    versions_seen: {},
  };
  return checkpointer.put(configOf(thread), checkpoint, { source: 'loop', step: 1, parents: {} }, { messages: 1 });
}

export const langGraphCheckpointerCalls: WritingCalls = {
  'LangGraphCheckpointer.put': {
    prepare: ({ manager }) => LangGraphCheckpointer.create(manager),
    begin: async ({ manager }) => put.bind(undefined, await LangGraphCheckpointer.create(manager)),
    stored: 'SELECT thread_id FROM langgraph_checkpoints UNION ALL SELECT thread_id FROM langgraph_values',
    rows: 2,
  },
  'LangGraphCheckpointer.putWrites': {
    prepare: ({ manager }) => LangGraphCheckpointer.create(manager),
    begin: async ({ manager }) => {
      const checkpointer = await LangGraphCheckpointer.create(manager);
      return (key) =>
        checkpointer.putWrites(
          configOf(key),
          partsOf(key).map((part) => ['messages', textOf(part)]),
          'task',
        );
    },
    stored: 'SELECT thread_id FROM langgraph_writes',
    rows: 3,
  },
  'LangGraphCheckpointer.deleteThread': {
    prepare: async ({ manager }, keys) => {
      const checkpointer = await LangGraphCheckpointer.create(manager);
      for (const key of keys) await put(checkpointer, key);
    },
    begin: async ({ manager }) => {
      const checkpointer = await LangGraphCheckpointer.create(manager);
      return (key) => checkpointer.deleteThread(key);
    },
    deleted: 'SELECT thread_id FROM langgraph_checkpoints UNION ALL SELECT thread_id FROM langgraph_values',
    rows: 2,
  },
};
