import type { Message, NewMessage, SessionFilter, SessionStore } from '@codebuddy/db-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Either, StoreHarness } from './store-harness.ts';

/** Describes what every session repository does, as a test suite over the one that `create` makes. */
export function describeSessionStore(engine: string, create: () => Promise<StoreHarness<Either<SessionStore>>>): void {
  describe(`sessions in ${engine}`, () => {
    let harness: StoreHarness<Either<SessionStore>>;
    let store: Either<SessionStore>;
    beforeEach(async () => {
      harness = await create();
      store = harness.store;
    });
    afterEach(() => harness.close());

    const ids = async (filter?: SessionFilter) => (await store.findSessions(filter)).map(({ id }) => id);
    const say = (session_id: string, content: string) => store.addMessage({ session_id, role: 'user', content });
    const texts = (messages: readonly Message[]) => messages.map(({ content }) => content);

    it('come back with every part', async () => {
      const parent = await store.createSession({ id: 'parent' });
      const session = {
        id: 's',
        project_id: 'shop',
        project_path: '/home/dev/shop',
        name: 'Größe 会话 🛠️',
        model: 'grok-3',
        parent_session_id: parent.id,
        metadata: { a: [1, null] },
      };
      const now = '2026-01-01T00:00:00.000Z';
      const stored = {
        ...session,
        created_at: now,
        updated_at: now,
        total_tokens_in: 0,
        total_tokens_out: 0,
        total_cost: 0,
        message_count: 0,
        tool_calls_count: 0,
        is_archived: false,
      };
      expect(await store.createSession(session)).toEqual(stored);
      expect(await store.getSessionById('s')).toEqual(stored);
      expect(await store.getSessionWithMessages('s')).toEqual({ ...stored, messages: [] });
      expect(await store.getSessionById('absent')).toBeNull();
      expect(await store.getSessionWithMessages('absent')).toBeNull();
    });

    it('refuse an id that is taken, and a parent that is not there', async () => {
      await store.createSession({ id: 's' });
      await expect((async () => store.createSession({ id: 's' }))()).rejects.toMatchObject({ code: 'DB_CONFLICT' });
      const orphan = async () => store.createSession({ parent_session_id: 'absent' });
      await expect(orphan()).rejects.toMatchObject({ code: 'DB_NOT_FOUND' });
      expect(await ids()).toEqual(['s']);
    });

    it('are found by every filter and in every order, ties by id', async () => {
      await store.createSession({ id: 'b', project_id: 'p', model: 'm' });
      await store.createSession({ id: 'a', model: 'm' });
      harness.clock.advance(1_000);
      await store.createSession({ id: 'c', project_id: 'p' });
      await store.updateSessionStats('a', { cost: 2 });
      await store.setArchived('b', true);
      expect(await ids()).toEqual(['a', 'c', 'b']);
      expect(await ids({ orderBy: 'created_at' })).toEqual(['c', 'a', 'b']);
      expect(await ids({ orderBy: 'created_at', order: 'asc' })).toEqual(['a', 'b', 'c']);
      expect(await ids({ orderBy: 'total_cost' })).toEqual(['a', 'b', 'c']);
      expect(await ids({ projectId: 'p' })).toEqual(['c', 'b']);
      expect(await ids({ model: 'm' })).toEqual(['a', 'b']);
      expect(await ids({ isArchived: true })).toEqual(['b']);
      expect(await ids({ isArchived: false })).toEqual(['a', 'c']);
      expect(await ids({ limit: 0 })).toEqual([]);
      expect(await ids({ offset: 1 })).toEqual(['c', 'b']);
      expect(await ids({ limit: 1, offset: 1 })).toEqual(['c']);
      expect((await store.getRecentSessions()).map(({ id }) => id)).toEqual(['a', 'c']);
      expect(await store.getRecentSessions(0)).toEqual([]);
      for (const bad of [{ orderBy: 'id; DROP TABLE sessions' }, { order: 'sideways' }, { limit: -1 }]) {
        await expect((async () => store.findSessions(bad as unknown as SessionFilter))()).rejects.toMatchObject({
          code: 'DB_INVALID_INPUT',
        });
      }
    });

    it('add up what they used', async () => {
      await store.createSession({ id: 's' });
      harness.clock.advance(1_000);
      expect(await store.updateSessionStats('s', { tokensIn: 10, tokensOut: 5, cost: 0.25, toolCalls: 2 })).toBe(true);
      expect(await store.updateSessionStats('s', { tokensIn: 0, cost: 0.5 })).toBe(true);
      expect(await store.getSessionById('s')).toMatchObject({
        total_tokens_in: 10,
        total_tokens_out: 5,
        total_cost: 0.75,
        tool_calls_count: 2,
        updated_at: '2026-01-01T00:00:01.000Z',
      });
      expect(await store.updateSessionStats('absent', { cost: 1 })).toBe(false);
      await expect((async () => store.updateSessionStats('s', { cost: -1 }))()).rejects.toMatchObject({
        code: 'DB_INVALID_INPUT',
      });
    });

    it('hold messages with every part, and count them', async () => {
      await store.createSession({ id: 's' });
      harness.clock.advance(1_000);
      const message = {
        session_id: 's',
        role: 'assistant',
        content: 'I read it.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'view', arguments: '{}' } }],
        tool_call_id: 'c0',
        tokens: 7,
        metadata: { a: 1 },
        operation_id: 'op',
      } as const;
      const stored = { ...message, id: expect.any(Number), created_at: '2026-01-01T00:00:01.000Z' };
      expect(await store.addMessage(message)).toEqual(stored);
      expect(await store.getMessages('s')).toEqual([stored]);
      const empty = await store.addMessage({ session_id: 's', role: 'user' });
      expect(Object.keys(empty).sort()).toEqual(['created_at', 'id', 'role', 'session_id', 'tokens']);
      expect(await store.getSessionById('s')).toMatchObject({
        message_count: 2,
        updated_at: '2026-01-01T00:00:01.000Z',
      });
    });

    it('return messages oldest first, whole or in part', async () => {
      await store.createSession({ id: 's' });
      for (const text of ['a', 'b', 'c', 'd']) await say('s', text);
      expect(texts(await store.getMessages('s'))).toEqual(['a', 'b', 'c', 'd']);
      expect(texts(await store.getMessages('s', 2))).toEqual(['a', 'b']);
      expect(texts(await store.getMessages('s', 0))).toEqual([]);
      expect(texts(await store.getRecentMessages('s', 2))).toEqual(['c', 'd']);
      expect(texts(await store.getRecentMessages('s', 0))).toEqual([]);
      expect(texts(await store.getRecentMessages('s'))).toEqual(['a', 'b', 'c', 'd']);
      expect(await store.getMessages('absent')).toEqual([]);
    });

    it('append the message of one operation once', async () => {
      await store.createSession({ id: 's' });
      await store.createSession({ id: 't' });
      const message = { session_id: 's', role: 'user', content: 'once', operation_id: 'op' } as const;
      const first = await store.addMessage(message);
      expect(await store.addMessage(message)).toEqual(first);
      await store.addMessage({ ...message, session_id: 't' });
      expect(await store.getMessages('s')).toHaveLength(1);
      const others: Partial<NewMessage>[] = [
        { content: 'another' },
        { content: null },
        { role: 'system' },
        { tool_calls: [{ id: 'c0' }] },
        { tool_call_id: 'c0' },
        { tokens: 1 },
        { metadata: { a: 1 } },
      ];
      for (const other of others) {
        const again = async () => store.addMessage({ ...message, ...other });
        await expect(again()).rejects.toMatchObject({ code: 'DB_CONFLICT' });
      }
      expect(await store.getSessionById('s')).toMatchObject({ message_count: 1 });
    });

    it('keep their counters equal to their messages when these are deleted', async () => {
      await store.createSession({ id: 's' });
      await say('s', 'a');
      const { id } = await say('s', 'b');
      await say('s', 'c');
      expect(await store.deleteMessages('s', id)).toBe(2);
      expect(await store.getSessionById('s')).toMatchObject({ message_count: 1 });
      expect(await store.deleteMessages('s')).toBe(1);
      expect(await store.getSessionById('s')).toMatchObject({ message_count: 0 });
      expect(await store.deleteMessages('absent')).toBe(0);
    });

    it('take their messages along when deleted, and leave their forks', async () => {
      await store.createSession({ id: 's' });
      await store.createSession({ id: 'child', parent_session_id: 's' });
      await say('s', 'a');
      expect(await store.deleteSession('s')).toBe(true);
      expect(await store.deleteSession('s')).toBe(false);
      expect(await store.getMessages('s')).toEqual([]);
      expect(await store.getSessionById('child')).not.toHaveProperty('parent_session_id');
    });

    it('refuse messages that make no sense, and nothing changes', async () => {
      await store.createSession({ id: 's' });
      const bad = [
        { session_id: 's', role: 'robot', content: 'x' },
        { session_id: 's', role: 'user', tokens: -1 },
        { session_id: 's', role: 'user', tokens: 0.5 },
        { session_id: 's', role: 'user', content: 5 },
        { session_id: 's', role: 'user', tool_calls: { a: Number.NaN } },
        { session_id: '', role: 'user' },
      ];
      for (const message of bad) {
        const attempt = async () => store.addMessage(message as unknown as NewMessage);
        await expect(attempt(), JSON.stringify(message)).rejects.toMatchObject({ code: 'DB_INVALID_INPUT' });
      }
      await expect((async () => say('absent', 'x'))()).rejects.toMatchObject({ code: 'DB_NOT_FOUND' });
      expect(await store.getSessionById('s')).toMatchObject({ message_count: 0 });
    });

    it('are added up, all or those of a project, and by model', async () => {
      await store.createSession({ id: 'a', project_id: 'p', model: 'm' });
      await store.createSession({ id: 'b', model: 'm' });
      await store.createSession({ id: 'c' });
      await store.updateSessionStats('a', { tokensIn: 10, tokensOut: 1, cost: 1 });
      await store.updateSessionStats('b', { cost: 0.5 });
      await store.updateSessionStats('c', { cost: 4 });
      await store.setArchived('c', true);
      await say('a', 'x');
      expect(await store.getStats()).toEqual({
        totalSessions: 3,
        activeSessions: 2,
        archivedSessions: 1,
        totalMessages: 1,
        totalCost: 5.5,
        totalTokensIn: 10,
        totalTokensOut: 1,
      });
      expect(await store.getStats('p')).toMatchObject({ totalSessions: 1, totalCost: 1 });
      expect(await store.getStats('absent')).toMatchObject({ totalSessions: 0, totalCost: 0, totalMessages: 0 });
      expect(await store.getCostByModel()).toEqual([
        { model: 'unknown', cost: 4, sessions: 1 },
        { model: 'm', cost: 1.5, sessions: 2 },
      ]);
    });
  });
}
