import { DatabaseManager } from '@codebuddy/db-core';
import { TemporaryFolder, temporaryDatabase } from '@codebuddy/test-kit';
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint';
import { validate } from '@langchain/langgraph-checkpoint-validation';
import * as vitest from 'vitest';
import { LangGraphCheckpointer } from '../../src/adapters/langgraph/checkpointer.ts';

const { describe, expect, it } = vitest;

// LangGraph's tests take their functions for globals.
Object.assign(globalThis, vitest);

const managers = new WeakMap<object, DatabaseManager>();

// One of its tests of lists leaves checkpoints behind that those before it must not see, so its order is kept.
describe("LangGraph's own conformance tests", { shuffle: false }, () => {
  validate({
    checkpointerName: 'LangGraphCheckpointer',
    async createCheckpointer() {
      const manager = new DatabaseManager({ inMemory: true });
      await manager.initialize();
      const checkpointer = await LangGraphCheckpointer.create(manager);
      managers.set(checkpointer, manager);
      return checkpointer;
    },
    destroyCheckpointer: (checkpointer) => managers.get(checkpointer)?.close(),
  });
});

it('keeps threads in the file, for the next process', async () => {
  using folder = new TemporaryFolder();
  const config = { configurable: { thread_id: 't', checkpoint_ns: '' } };
  const checkpoint = {
    ...emptyCheckpoint(),
    id: uuid6(0),
    channel_values: { messages: ['hello'] },
    channel_versions: { messages: 1 },
  };
  {
    using manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
    await manager.initialize();
    const checkpointer = await LangGraphCheckpointer.create(manager);
    const next = await checkpointer.put(
      config,
      checkpoint,
      { source: 'input', step: -1, parents: {} },
      { messages: 1 },
    );
    await checkpointer.putWrites(next, [['messages', 'half done']], 'task', 'path');
  }
  using manager = new DatabaseManager({ dbPath: folder.join('agent.db') });
  await manager.initialize();
  const tuple = await (await LangGraphCheckpointer.create(manager)).getTuple(config);
  expect(tuple?.checkpoint).toEqual(checkpoint);
  expect(tuple?.pendingWrites).toEqual([['task', 'messages', 'half done']]);
});

it('says what is missing from a configuration', async () => {
  using database = await temporaryDatabase();
  const checkpointer = await LangGraphCheckpointer.create(database.manager);
  await expect(
    checkpointer.put({ configurable: {} }, emptyCheckpoint(), { source: 'input', step: -1, parents: {} }, {}),
  ).rejects.toThrow(/thread_id/);
  expect(await checkpointer.getTuple({ configurable: {} })).toBeUndefined();
});

it('takes channels whose names every object of JavaScript has', async () => {
  using database = await temporaryDatabase();
  const checkpointer = await LangGraphCheckpointer.create(database.manager);
  const config = { configurable: { thread_id: 't', checkpoint_ns: '' } };
  const named = (value: unknown) => Object.fromEntries(['__proto__', 'constructor'].map((name) => [name, value]));
  const checkpoint = {
    ...emptyCheckpoint(),
    id: uuid6(0),
    channel_values: { constructor: 'stored' },
    channel_versions: { constructor: 1 },
  };
  const metadata = { source: 'input', step: -1, parents: {} } as const;
  const next = await checkpointer.put(config, checkpoint, metadata, { constructor: 1 });
  await checkpointer.putWrites(next, Object.entries(named('written')), 'task', 'path');
  const tuple = await checkpointer.getTuple(config);
  expect(tuple?.checkpoint.channel_values).toEqual({ constructor: 'stored' });
  expect(tuple?.pendingWrites).toEqual([
    ['task', '__proto__', 'written'],
    ['task', 'constructor', 'written'],
  ]);
});
