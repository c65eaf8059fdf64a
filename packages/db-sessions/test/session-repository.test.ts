import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Transcript } from '@codebuddy/db-core/internal';
import { countingIds, fakeClock, scans, type TemporaryDatabase, temporaryDatabase } from '@codebuddy/test-kit';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionRepository } from '../src/index.ts';

describe('SessionRepository', () => {
  let database: TemporaryDatabase;
  let sessions: SessionRepository;
  const clock = fakeClock();
  beforeEach(async () => {
    clock.set('2026-01-01T00:00:00.000Z');
    database = await temporaryDatabase();
    sessions = new SessionRepository(database.db, { clock, generateId: countingIds('session') });
  });
  afterEach(() => database[Symbol.dispose]());

  const say = (session_id: string, content: string) => sessions.addMessage({ session_id, role: 'user', content });

  describe('full-text search', () => {
    beforeEach(() => {
      sessions.createSession({ id: 'shop', project_id: 'shop', name: 'Fix the cart' });
      sessions.createSession({ id: 'cli', project_id: 'cli', name: 'Write the parser' });
      say('shop', 'Please look at the retry helper: it falls over above 2,000 rows.');
      sessions.addMessage({ session_id: 'shop', role: 'tool', content: 'export const retry = 3;' });
      clock.advance(86_400_000);
      sessions.addMessage({
        session_id: 'cli',
        role: 'assistant',
        content: 'The tokenizer must retry as well. Größe!',
      });
    });
    const found = (text: string, options?: Parameters<SessionRepository['searchMessages']>[1]) =>
      sessions.searchMessages(text, options).map(({ message, session }) => `${session.id}:${message.role}`);

    it('goes through all sessions and projects, with a snippet and the session', () => {
      expect(found('retry').sort()).toEqual(['cli:assistant', 'shop:tool', 'shop:user']);
      const [match] = sessions.searchMessages('falls over', { highlight: ['[', ']'] });
      expect(match).toMatchObject({
        session: { name: 'Fix the cart' },
        snippet: expect.stringContaining('it [falls] [over] above'),
      });
      expect(match?.score).toBeGreaterThan(0);
    });

    it('takes every filter', () => {
      expect(found('retry', { projectId: 'cli' })).toEqual(['cli:assistant']);
      expect(found('retry', { sessionId: 'shop', role: 'user' })).toEqual(['shop:user']);
      expect(found('retry', { role: ['tool', 'assistant'] }).sort()).toEqual(['cli:assistant', 'shop:tool']);
      expect(found('retry', { since: '2026-01-02' })).toEqual(['cli:assistant']);
      expect(found('retry', { until: '2026-01-01T12:00:00Z' })).toHaveLength(2);
      expect(found('retry', { limit: 0 })).toEqual([]);
      expect(found('retry', { offset: 2 })).toHaveLength(1);
      expect(found('größe')).toEqual(['cli:assistant']);
      expect(found('große')).toEqual(['cli:assistant']);
    });

    it('never reads what a person types as query syntax', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), (text) => void sessions.searchMessages(text)),
        { numRuns: 300 },
      );
      expect(found('NOT retry')).toEqual([]);
      expect(found('"retry helper')).toEqual(['shop:user']);
    });

    it('forgets messages that are deleted', () => {
      sessions.deleteSession('shop');
      expect(found('retry')).toEqual(['cli:assistant']);
    });
  });

  describe('a fork', () => {
    it('shares the beginning up to a message, and goes its own way', () => {
      const { id } = sessions.createSession({ name: 'Parent', project_id: 'p', model: 'm' });
      say(id, 'a');
      const from = say(id, 'b');
      say(id, 'c');
      const fork = sessions.forkSession(id, { fromMessageId: from.id, name: 'Fork' });
      expect(fork).toMatchObject({
        parent_session_id: id,
        name: 'Fork',
        project_id: 'p',
        model: 'm',
        message_count: 2,
        total_cost: 0,
      });
      say(fork.id, 'd');
      expect(sessions.getMessages(fork.id).map(({ content }) => content)).toEqual(['a', 'b', 'd']);
      expect(sessions.getMessages(id).map(({ content }) => content)).toEqual(['a', 'b', 'c']);
      expect(sessions.forkSession(id)).toMatchObject({ message_count: 3, name: 'Parent' });
    });

    it('is refused for a session that is not there, and leaves nothing', () => {
      expect(() => sessions.forkSession('absent')).toThrow(expect.objectContaining({ code: 'DB_NOT_FOUND' }));
      expect(sessions.findSessions()).toEqual([]);
    });
  });

  describe('an export', () => {
    beforeEach(() => {
      sessions.createSession({ id: 'p' });
      sessions.createSession({ id: 's', name: 'Fix it', model: 'grok-3', parent_session_id: 'p', metadata: { a: 1 } });
      say('s', 'Please look at `a`');
      clock.advance(1_000);
      sessions.addMessage({
        session_id: 's',
        role: 'assistant',
        tool_calls: [{ id: 'c1' }],
        tokens: 3,
        operation_id: 'op',
      });
      sessions.addMessage({
        session_id: 's',
        role: 'tool',
        content: 'a fence: ```\ncode',
        tool_call_id: 'c1',
        metadata: { b: [2] },
      });
      sessions.updateSessionStats('s', { tokensIn: 10, tokensOut: 20, cost: 0.125, toolCalls: 1 });
      sessions.setArchived('s', true);
    });

    it('is read back from JSON without loss, in another database too', async () => {
      const exported = JSON.parse(JSON.stringify(sessions.exportSession('s')));
      const before = sessions.readTranscript('s');
      sessions.deleteSession('s');
      sessions.importSession(exported);
      expect(sessions.readTranscript('s')).toEqual(before);

      using other = await temporaryDatabase();
      const elsewhere = new SessionRepository(other.db);
      expect(elsewhere.importSession(exported).metadata).toEqual({ a: 1, missingParentSessionId: 'p' });
      expect(elsewhere.readTranscript('s')?.messages).toEqual(before?.messages);
    });

    it('is refused where it is no export or the session is there, and nothing changes', () => {
      const exported = sessions.exportSession('s');
      expect(() => sessions.importSession(exported)).toThrow(expect.objectContaining({ code: 'DB_CONFLICT' }));
      const renamed = { ...exported, session: { ...exported.session, id: 'copy' } };
      for (const [bad, field] of [
        [null, 'export'],
        [{ ...renamed, format: 'other' }, 'export'],
        [{ ...renamed, version: 2 }, 'export.version'],
        [{ ...renamed, messages: [...exported.messages, { role: 'robot' }] }, 'messages[3].role'],
        [
          { ...renamed, messages: [...exported.messages, { role: 'user', tokens: 0, created_at: 'never' }] },
          'created_at',
        ],
        [{ ...renamed, session: { ...renamed.session, metadata: 'text' } }, 'session.metadata'],
      ] as const) {
        expect(() => sessions.importSession(bad)).toThrow(expect.objectContaining({ code: 'DB_INVALID_INPUT', field }));
      }
      expect(
        sessions
          .findSessions()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(['p', 's']);
    });

    it('is readable as Markdown', () => {
      const [time, later] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'];
      expect(sessions.exportSessionMarkdown('s')).toBe(
        [
          '# Fix it\n',
          `- Model: \`grok-3\`\n- Started: ${time}\n- Tokens: 10 in, 20 out\n- Cost: $0.1250\n`,
          `## User, ${time}\n`,
          '> Please look at `a`\n',
          `## Assistant, ${later}\n`,
          '```json\n[\n  {\n    "id": "c1"\n  }\n]\n```\n',
          `## Tool, ${later}, call \`c1\`\n`,
          '````\na fence: ```\ncode\n````\n',
        ].join('\n'),
      );
    });
  });

  describe('an import', () => {
    const transcript = (messages: readonly string[]): Transcript => ({
      session: {
        id: 'legacy',
        created_at: '2025-01-01T00:00:00.000Z',
        updated_at: '2025-01-01T05:00:00.000Z',
        total_tokens_in: 100,
        total_tokens_out: 10,
        total_cost: 1.5,
        message_count: 0,
        tool_calls_count: 0,
        is_archived: false,
      },
      messages: messages.map((content, i) => ({
        role: 'user',
        content,
        tokens: 0,
        created_at: '2025-01-01T06:00:00.000Z',
        operation_id: `legacy:${i}`,
      })),
    });

    it('keeps times and counters, is safe to repeat, and adds only what is new', () => {
      expect(sessions.importTranscripts([transcript(['a', 'b'])])).toEqual([
        {
          session: 'inserted',
          messagesInserted: 2,
          conflicts: [],
        },
      ]);
      expect(sessions.getSessionById('legacy')).toEqual({ ...transcript([]).session, message_count: 2 });
      expect(sessions.importTranscripts([transcript(['a', 'b'])])).toMatchObject([
        {
          session: 'exists',
          messagesInserted: 0,
        },
      ]);
      expect(sessions.importTranscripts([transcript(['a', 'b', 'c'])])).toEqual([
        {
          session: 'exists',
          messagesInserted: 1,
          conflicts: [],
        },
      ]);
      expect(sessions.getSessionById('legacy')).toMatchObject({ message_count: 3, total_cost: 1.5 });
    });
  });

  it('iterates over a session that is larger than the memory', () => {
    const { id } = sessions.createSession();
    database.db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO messages (session_id, role, content) SELECT '${id}', 'user', hex(zeroblob(500)) FROM n`);
    const worker = fileURLToPath(new URL('./support/iterate-session.ts', import.meta.url));
    const output = execFileSync(process.execPath, ['--max-old-space-size=40', worker, database.path, id], {
      encoding: 'utf8',
    });
    expect(Number(output)).toBe(100_000 * 1_000);
  });

  it('iterates over a session while it is written to', () => {
    const { id } = sessions.createSession();
    for (let i = 0; i < 1_200; i++) say(id, `message ${i}`);
    const contents: (string | undefined)[] = [];
    for (const message of sessions.iterateMessages(id)) {
      contents.push(message.content);
      if (contents.length === 10) say(id, 'written meanwhile');
    }
    expect(contents).toHaveLength(1_201);
    expect(contents.at(-1)).toBe('written meanwhile');
  });

  it('keeps the count true whoever writes the rows', () => {
    const a = sessions.createSession({ id: 'a' });
    const b = sessions.createSession({ id: 'b' });
    say(a.id, 'x');
    say(a.id, 'y');
    database.db.exec(
      "UPDATE messages SET session_id = 'b' WHERE content = 'x'; DELETE FROM messages WHERE content = 'y'",
    );
    expect([sessions.getSessionById(a.id)?.message_count, sessions.getSessionById(b.id)?.message_count]).toEqual([
      0, 1,
    ]);
  });

  it('reads by index: no road scans a table', () => {
    for (const sql of [
      "SELECT id FROM messages WHERE session_id = 'x' AND id > 5 ORDER BY id LIMIT 10",
      "SELECT id FROM messages WHERE session_id = 'x' ORDER BY id DESC LIMIT 10",
      "SELECT id FROM messages WHERE session_id = 'x' AND operation_id = 'o'",
      "SELECT id FROM sessions WHERE project_id = 'p' ORDER BY updated_at DESC LIMIT 10",
    ]) {
      expect(scans(database.db, sql), sql).toEqual([]);
    }
  });
});
