import fc from 'fast-check';
import { expect } from 'vitest';
import { expectToBe, names, type Step } from '../../src/models/histories.ts';

interface StoredMessage {
  readonly operation: string | undefined;
  readonly content: string;
}

interface StoredSession {
  messages: StoredMessage[];
  archived: boolean;
  tokens: number;
}

type Model = Map<string, StoredSession>;

const message = fc.record({
  content: fc.string({ unit: 'grapheme' }),
  operation: fc.option(names, { nil: undefined }),
});

const toInput = (id: string, { content, operation }: StoredMessage) => ({
  session_id: id,
  role: 'user',
  content,
  operation_id: operation,
});

/** Appends a message once, and tells the code of an error where there is one. */
function append(messages: StoredMessage[], { content, operation }: StoredMessage): string | undefined {
  const earlier = messages.find((each) => operation !== undefined && each.operation === operation);
  if (earlier === undefined) messages.push({ content, operation });
  else if (earlier.content !== content) return 'DB_CONFLICT';
  return undefined;
}

const create = names.map(
  (id): Step<Model> =>
    async (world, model) => {
      const result = await world.call('sessions', 'createSession', { id });
      if (model.has(id)) expect(result).toBe('DB_CONFLICT');
      else model.set(id, { messages: [], archived: false, tokens: 0 });
    },
);

const addMessage = fc.tuple(names, message).map(
  ([id, each]): Step<Model> =>
    async (world, model) => {
      const session = model.get(id);
      const result = await world.call('sessions', 'addMessage', toInput(id, each));
      const refusal = session === undefined ? 'DB_NOT_FOUND' : append(session.messages, each);
      if (refusal !== undefined) expect(result).toBe(refusal);
    },
);

const addMessages = fc.tuple(names, fc.array(message, { minLength: 1, maxLength: 3 })).map(
  ([id, added]): Step<Model> =>
    async (world, model) => {
      const session = model.get(id);
      const result = await world.call(
        'sessions',
        'addMessages',
        added.map((each) => toInput(id, each)),
      );
      if (session === undefined) return void expect(result).toBe('DB_NOT_FOUND');
      const draft = [...session.messages];
      const refusal = added.map((each) => append(draft, each)).find((code) => code !== undefined);
      if (refusal !== undefined) expect(result).toBe(refusal);
      else session.messages = draft;
    },
);

const popMessage = names.map(
  (id): Step<Model> =>
    async (world, model) => {
      const result = await world.call('sessions', 'popMessage', id);
      const newest = model.get(id)?.messages.pop();
      if (newest === undefined) expect(result).toBeNull();
      else expect(result).toMatchObject({ content: newest.content });
    },
);

const fork = fc.tuple(names, names).map(
  ([id, copy]): Step<Model> =>
    async (world, model) => {
      const session = model.get(id);
      const result = await world.call('sessions', 'forkSession', id, { id: copy });
      if (session === undefined) expect(result).toBe('DB_NOT_FOUND');
      else if (model.has(copy)) expect(result).toBe('DB_CONFLICT');
      else model.set(copy, { messages: structuredClone(session.messages), archived: false, tokens: 0 });
    },
);

const archive = fc.tuple(names, fc.boolean()).map(
  ([id, archived]): Step<Model> =>
    async (world, model) => {
      const session = model.get(id);
      expect(await world.call('sessions', 'setArchived', id, archived)).toBe(session !== undefined);
      if (session !== undefined) session.archived = archived;
    },
);

const use = fc.tuple(names, fc.nat(9)).map(
  ([id, tokensIn]): Step<Model> =>
    async (world, model) => {
      const session = model.get(id);
      expect(await world.call('sessions', 'updateSessionStats', id, { tokensIn })).toBe(session !== undefined);
      if (session !== undefined) session.tokens += tokensIn;
    },
);

const remove = names.map(
  (id): Step<Model> =>
    async (world, model) => {
      expect(await world.call('sessions', 'deleteSession', id)).toBe(model.delete(id));
    },
);

const cutOff = fc.tuple(names, fc.nat(3)).map(
  ([id, keep]): Step<Model> =>
    async (world, model) => {
      const messages = model.get(id)?.messages ?? [];
      const from = world.repositories.sessions.getMessages(id)[keep]?.id ?? Number.MAX_SAFE_INTEGER;
      expect(await world.call('sessions', 'deleteMessages', id, from)).toBe(Math.max(0, messages.length - keep));
      messages.splice(keep);
    },
);

expectToBe<Model>('sessions are those of plain lists', {
  start: () => new Map(),
  steps: fc.oneof(create, addMessage, addMessages, popMessage, fork, archive, use, remove, cutOff),
  compare({ repositories: { sessions } }, model) {
    const found = sessions
      .findSessions()
      .map(({ id, message_count, is_archived, total_tokens_in }) => [id, message_count, is_archived, total_tokens_in]);
    const expected = [...model].map(([id, { messages, archived, tokens }]) => [id, messages.length, archived, tokens]);
    expect(found.sort()).toEqual(expected.sort());
    for (const [id, { messages }] of model) {
      expect(sessions.getMessages(id).map(({ content }) => content)).toEqual(messages.map(({ content }) => content));
    }
  },
});
