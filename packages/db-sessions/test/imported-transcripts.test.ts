import type { Session } from '@codebuddy/db-core';
import type { ImportedMessage, ImportedTranscript } from '@codebuddy/db-core/internal';
import { type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionRepository } from '../src/index.ts';

const CREATED = '2025-01-01T00:00:00.000Z';

function session(id: string, more: Partial<Session> = {}): Session {
  return {
    id,
    created_at: CREATED,
    updated_at: CREATED,
    total_tokens_in: 0,
    total_tokens_out: 0,
    total_cost: 0,
    message_count: 0,
    tool_calls_count: 0,
    is_archived: false,
    ...more,
  };
}

const said = (index: number, more: Partial<ImportedMessage> = {}): ImportedMessage => ({
  role: 'assistant',
  content: `text ${index}`,
  tokens: 0,
  operation_id: `legacy:${index}`,
  created_at: CREATED,
  ...more,
});

function importOne(sessions: SessionRepository, transcript: ImportedTranscript) {
  return sessions.importTranscripts([transcript])[0];
}

describe('an imported transcript', () => {
  let database: TemporaryDatabase;
  let sessions: SessionRepository;
  beforeEach(async () => {
    database = await temporaryDatabase();
    sessions = new SessionRepository(database.db);
  });
  afterEach(() => database[Symbol.dispose]());

  it.each<[string, Partial<ImportedMessage>]>([
    ['content', { content: 'another' }],
    ['role', { role: 'user' }],
    ['tool calls', { tool_calls: [{ id: 'c' }] }],
    ['tool call', { tool_call_id: 'c' }],
    ['tokens', { tokens: 3 }],
    ['metadata', { metadata: { a: 1 } }],
    ['time', { created_at: '2025-01-01T00:00:01.000Z' }],
  ])('tells of a message that is stored with another %s, and appends nothing that follows it', (_, other) => {
    importOne(sessions, { session: session('s'), messages: [said(0), said(1), said(2)] });
    const before = sessions.getMessages('s');
    const messages = [said(0), said(1, other), said(2), said(3)];
    expect(importOne(sessions, { session: session('s'), messages })).toEqual({
      session: 'exists',
      messagesInserted: 0,
      conflicts: [1, 3],
    });
    expect(sessions.getMessages('s')).toEqual(before);
  });

  it('tells of a message whose operation came before in the same transcript', () => {
    const messages = [said(0), said(0), said(1), said(0, { content: 'another' })];
    expect(importOne(sessions, { session: session('s'), messages })).toEqual({
      session: 'inserted',
      messagesInserted: 2,
      conflicts: [3],
    });
  });

  it('is the same whatever the order of the properties in its JSON', () => {
    const messages = [said(0, { metadata: { a: 1, b: { c: [2], d: null } }, tool_calls: [{ id: 'c', name: 'n' }] })];
    const turned = [said(0, { metadata: { b: { d: null, c: [2] }, a: 1 }, tool_calls: [{ name: 'n', id: 'c' }] })];
    importOne(sessions, { session: session('s'), messages });
    expect(importOne(sessions, { session: session('s'), messages: turned })?.conflicts).toEqual([]);
  });

  it('gives a message without a time that of its session, also when the file was touched since', () => {
    const { created_at: _, ...timeless } = said(0);
    const touched = { created_at: '2025-03-01T00:00:00.000Z', updated_at: '2025-03-01T00:00:00.000Z' };
    importOne(sessions, { session: session('s'), messages: [timeless] });
    expect(importOne(sessions, { session: session('s', touched), messages: [timeless] })).toEqual({
      session: 'exists',
      messagesInserted: 0,
      conflicts: [],
    });
    expect(sessions.getMessages('s')).toMatchObject([{ created_at: CREATED }]);
  });

  it('may come in parts, and is then as if it had come whole', () => {
    const record = session('s', { updated_at: '2025-01-01T05:00:00.000Z' });
    const messages = [0, 1, 2, 3].map((index) => said(index, { created_at: `2025-01-01T0${index * 3}:00:00.000Z` }));
    for (const message of messages) importOne(sessions, { session: record, messages: [message] });
    const inParts = sessions.readTranscript('s');
    importOne(sessions, { session: { ...record, id: 'whole' }, messages });
    expect(inParts?.session).toEqual({ ...sessions.readTranscript('whole')?.session, id: 's' });
    expect(inParts?.messages).toEqual(sessions.readTranscript('whole')?.messages);
  });

  it('refuses an export in which two messages have one operation, and stores nothing of it', () => {
    sessions.createSession({ id: 's' });
    sessions.addMessage({ session_id: 's', role: 'user', content: 'a', operation_id: 'op' });
    const exported = sessions.exportSession('s');
    const doubled = {
      ...exported,
      session: { ...exported.session, id: 't' },
      messages: [...exported.messages, ...exported.messages],
    };
    expect(() => sessions.importSession(doubled)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT' }));
    expect(sessions.getSessionById('t')).toBeNull();
  });
});

describe('the link to a parent', () => {
  /** A family of four generations, with two children of one parent. */
  const FAMILY = [
    ['root', undefined],
    ['child', 'root'],
    ['twin', 'root'],
    ['grandchild', 'child'],
    ['youngest', 'grandchild'],
  ] as const;
  const parents = Object.fromEntries(FAMILY);

  const arrivals: Readonly<Record<string, (sessions: SessionRepository, transcript: ImportedTranscript) => unknown>> = {
    importTranscripts: importOne,
    importSession: (sessions, { session: record }) =>
      sessions.importSession({ format: 'codebuddy-session', version: 1, session: record, messages: [] }),
    createSession: (sessions, { session: { id, metadata } }) => sessions.createSession({ id, metadata }),
  };

  it('is set when the parent arrives, in whatever order and by whichever call they come', async () => {
    const order = fc.shuffledSubarray([...FAMILY], { minLength: FAMILY.length });
    const call = fc.constantFrom('importTranscripts', 'importSession');
    const metadata = fc.option(fc.constantFrom({}, { kept: [1] }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(order, fc.array(call, { minLength: 5, maxLength: 5 }), metadata, async (family, calls, kept) => {
        using database = await temporaryDatabase();
        const sessions = new SessionRepository(database.db);
        for (const [index, [id, parent]] of family.entries()) {
          const record = session(id, {
            ...(parent === undefined ? {} : { parent_session_id: parent }),
            ...(kept === undefined ? {} : { metadata: kept }),
          });
          // A session without a parent may as well be created anew.
          const name = parent === undefined && index % 2 === 1 ? 'createSession' : (calls[index] ?? '');
          arrivals[name]?.(sessions, { session: record, messages: [] });
        }
        for (const [id] of FAMILY) {
          const stored = sessions.getSessionById(id);
          expect(stored?.parent_session_id).toBe(parents[id]);
          expect(stored?.metadata ?? {}).toEqual(kept ?? {});
          expect(stored?.updated_at).toBe(stored?.created_at);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('survives an export from a database that has no parent either', async () => {
    using first = await temporaryDatabase();
    using second = await temporaryDatabase();
    const [here, there] = [new SessionRepository(first.db), new SessionRepository(second.db)];
    importOne(here, { session: session('child', { parent_session_id: 'root' }), messages: [] });
    there.createSession({ id: 'root' });
    there.importSession(here.exportSession('child'));
    expect(there.getSessionById('child')).toMatchObject({ parent_session_id: 'root' });
    expect(there.getSessionById('child')).not.toHaveProperty('metadata');
  });

  it('never leads to the session itself', async () => {
    using database = await temporaryDatabase();
    const sessions = new SessionRepository(database.db);
    importOne(sessions, { session: session('s', { parent_session_id: 's' }), messages: [] });
    expect(sessions.getSessionById('s')).not.toHaveProperty('parent_session_id');
  });
});
