import { redactSecrets } from '@codebuddy/db-core';
import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import { AIMessage, HumanMessage } from '@langchain/core/messages';
import { emptyCheckpoint, uuid6 } from '@langchain/langgraph-checkpoint';
import type { AgentInputItem } from '@openai/agents-core';
import type { UIMessage } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addUIMessage, getUIMessages } from '../../src/adapters/ai-sdk.ts';
import { LangGraphCheckpointer } from '../../src/adapters/langgraph/checkpointer.ts';
import { OpenAIAgentsSession } from '../../src/adapters/openai-agents.ts';
import { SessionRepository } from '../../src/index.ts';

const TOKEN = ['ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('');
const GONE = '[redacted: GitHub token]';

/** The same value with each token replaced, in the strings of JSON in strings as well. */
const without = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(TOKEN, GONE));

describe('on a connection that redacts secrets', () => {
  let database: TemporaryDatabase;
  beforeEach(async () => {
    database = await temporaryDatabase({ redact: redactSecrets });
  });
  afterEach(() => {
    expect(Buffer.from(database.db.serialize()).includes(TOKEN)).toBe(false);
    database[Symbol.dispose]();
  });

  it('items of the OpenAI Agents SDK come back without them, their arguments still JSON', async () => {
    const session = new OpenAIAgentsSession(new SessionRepository(database.db), 'agents');
    const items: AgentInputItem[] = [
      { role: 'user', content: `My token:\n${TOKEN}` },
      {
        type: 'function_call',
        callId: 'c1',
        name: 'write',
        status: 'completed',
        arguments: JSON.stringify({ content: `# tokens\n${TOKEN}\t"quoted"\n` }),
      },
      {
        type: 'function_call_result',
        callId: 'c1',
        name: 'write',
        status: 'completed',
        output: { type: 'text', text: JSON.stringify({ [TOKEN]: `TOKEN_${TOKEN}` }) },
      },
    ];
    await session.addItems(items);
    const stored = await session.getItems();
    expect(stored).toEqual(without(items));
    const [, call] = stored;
    expect(call?.type === 'function_call' && JSON.parse(call.arguments)).toEqual({
      content: `# tokens\n${GONE}\t"quoted"\n`,
    });
  });

  it('messages of the AI SDK come back without them', () => {
    const sessions = new SessionRepository(database.db);
    const { id } = sessions.createSession();
    const message: UIMessage = {
      id: 'm1',
      role: 'assistant',
      metadata: { note: `a\n${TOKEN}` },
      parts: [
        { type: 'text', text: `It is\n${TOKEN}` },
        {
          type: 'dynamic-tool',
          toolName: 'read',
          toolCallId: 'c1',
          state: 'output-available',
          input: { path: '.env' },
          output: { [TOKEN]: JSON.stringify({ out: `\n${TOKEN}` }) },
        },
      ],
    };
    addUIMessage(sessions, id, message);
    expect(getUIMessages(sessions, id)).toEqual([without(message)]);
    expect(sessions.searchMessages('It is')).toHaveLength(1);
  });

  it('checkpoints of LangGraph come back without them, and threads and channels by their names', async () => {
    const checkpointer = await LangGraphCheckpointer.create(database.manager);
    const config = { configurable: { thread_id: 't', checkpoint_ns: '' } };
    const bytes = Buffer.from([1, 2, 3]);
    const values = (token: string) => ({
      messages: [
        new HumanMessage(`use\n${token}`),
        new AIMessage({ content: '', tool_calls: [{ id: 'c', name: 'write', args: { [token]: `a\t${token}` } }] }),
      ],
      files: new Map([['.env', `TOKEN_${token}`]]),
      bytes,
    });
    const checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(0),
      channel_values: values(TOKEN),
      channel_versions: { messages: 1, files: 1, bytes: 1 },
    };
    const metadata = { source: 'input' as const, step: -1, parents: {}, note: `a\n${TOKEN}` };
    const next = await checkpointer.put(config, checkpoint, metadata, checkpoint.channel_versions);
    await checkpointer.putWrites(next, [['messages', new HumanMessage(TOKEN)]], 'task', 'path');
    const tuple = await checkpointer.getTuple(config);
    expect(tuple?.checkpoint).toEqual({ ...checkpoint, channel_values: values(GONE) });
    expect(tuple?.metadata).toEqual({ ...metadata, note: `a\n${GONE}` });
    expect(tuple?.pendingWrites).toEqual([['task', 'messages', new HumanMessage(GONE)]]);
  });
});
