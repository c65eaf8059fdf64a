import { temporaryDatabase } from '@codebuddy/test-kit';
import {
  Agent,
  type AgentInputItem,
  type Model,
  type ModelRequest,
  type ModelResponse,
  Runner,
  setTracingDisabled,
  Usage,
} from '@openai/agents-core';
import { describe, expect, it } from 'vitest';
import { OpenAIAgentsSession } from '../../src/adapters/openai-agents.ts';
import { SessionRepository } from '../../src/index.ts';

setTracingDisabled(true);

/** A model that answers with what it was sent last, and remembers all it was sent. */
class Echo implements Model {
  readonly requests: ModelRequest[] = [];

  async getResponse(request: ModelRequest): Promise<ModelResponse> {
    this.requests.push(request);
    const text = `echo ${this.requests.length}`;
    return {
      usage: new Usage(),
      output: [{ type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text }] }],
    };
  }

  getStreamedResponse(): AsyncIterable<never> {
    throw new Error('this model does not stream');
  }
}

const items: AgentInputItem[] = [
  { role: 'user', content: 'Where is my parcel?' },
  { type: 'function_call', callId: 'c1', name: 'track', status: 'completed', arguments: '{"id":42}' },
  {
    type: 'function_call_result',
    callId: 'c1',
    name: 'track',
    status: 'completed',
    output: { type: 'text', text: 'Lyon' },
  },
  { type: 'reasoning', content: [{ type: 'input_text', text: 'It is close.' }], providerData: { id: 'r' } },
  {
    type: 'message',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'It is in Lyon. 🛵' }],
  },
];

describe('a session of the OpenAI Agents SDK', () => {
  it('gives every item back as it was, the last ones in their order', async () => {
    using database = await temporaryDatabase();
    const session = new OpenAIAgentsSession(new SessionRepository(database.db), 'support-42');
    expect(await session.getSessionId()).toBe('support-42');
    await session.addItems(items);
    expect(await session.getItems()).toEqual(items);
    expect(await session.getItems(2)).toEqual(items.slice(-2));
    expect(await session.getItems(0)).toEqual([]);
    expect(await session.popItem()).toEqual(items.at(-1));
    expect(await session.getItems()).toEqual(items.slice(0, -1));
    await session.clearSession();
    expect(await session.getItems()).toEqual([]);
    expect(await session.popItem()).toBeUndefined();
  });

  it('is an ordinary session: what was said is found, and messages of other origin are items', async () => {
    using database = await temporaryDatabase();
    const sessions = new SessionRepository(database.db);
    const session = new OpenAIAgentsSession(sessions);
    await session.addItems(items);
    const id = await session.getSessionId();
    expect(sessions.searchMessages('Lyon')[0]?.session.id).toBe(id);
    sessions.addMessage({ session_id: id, role: 'user', content: 'typed elsewhere' });
    sessions.addMessage({ session_id: id, role: 'assistant', content: 'answered elsewhere' });
    expect((await session.getItems(2)).map((item) => ('role' in item ? item.role : item.type))).toEqual([
      'user',
      'assistant',
    ]);
  });

  it('carries a conversation over runs of a real agent, and over processes', async () => {
    using database = await temporaryDatabase();
    const model = new Echo();
    const runner = new Runner({ modelProvider: { getModel: () => model }, tracingDisabled: true });
    const agent = new Agent({ name: 'Echo', instructions: 'Answer.' });
    const session = () => new OpenAIAgentsSession(new SessionRepository(database.db), 'chat');
    await runner.run(agent, 'first question', { session: session() });
    const { finalOutput } = await runner.run(agent, 'second question', { session: session() });
    expect(finalOutput).toBe('echo 2');
    expect(JSON.stringify(model.requests[1]?.input)).toMatch(/first question.*echo 1.*second question/);
  });

  it('two sessions that take the newest item at once never take the same', async () => {
    using database = await temporaryDatabase();
    const one = new OpenAIAgentsSession(new SessionRepository(database.db), 's');
    const other = new OpenAIAgentsSession(new SessionRepository(database.db), 's');
    await one.addItems(items);
    expect([await one.popItem(), await other.popItem()]).toEqual([items[4], items[3]]);
  });
});
