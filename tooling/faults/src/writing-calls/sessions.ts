import { SessionRepository } from '@codebuddy/db-sessions';
import { addUIMessage, saveUIMessages } from '@codebuddy/db-sessions/ai-sdk';
import { OpenAIAgentsSession } from '@codebuddy/db-sessions/openai-agents';
import { keyBefore, partsOf, type Stage, textOf, type WritingCall, type WritingCalls } from './writing-call.ts';

const AT = '2026-01-01T00:00:00.000Z';
const SESSION_AND_MESSAGES = 'SELECT id FROM sessions UNION ALL SELECT session_id FROM messages';

/** A session of three messages for each key. */
function storeSessions({ db, manager }: Stage, keys: readonly string[]): void {
  const sessions = new SessionRepository(db);
  manager.transaction(() => {
    for (const key of keys) {
      sessions.createSession({ id: key });
      sessions.addMessages(messagesOf(key));
    }
  });
}

function messagesOf(key: string) {
  return partsOf(key).map((part) => ({
    session_id: key,
    role: 'user' as const,
    content: textOf(part),
    operation_id: part,
  }));
}

function transcriptOf(key: string) {
  const usage = { total_tokens_in: 1, total_tokens_out: 1, total_cost: 0.1, tool_calls_count: 0 };
  return {
    session: { id: key, created_at: AT, updated_at: AT, message_count: 3, is_archived: false, ...usage },
    messages: messagesOf(key).map(({ session_id: _, ...message }) => ({ ...message, tokens: 1, created_at: AT })),
  };
}

/** A call of a repository of sessions in which there is one for each key. */
function onStored(
  call: (sessions: SessionRepository, key: string) => unknown,
  effect: Partial<WritingCall>,
): WritingCall {
  return { prepare: storeSessions, begin: ({ db }) => call.bind(undefined, new SessionRepository(db)), ...effect };
}

/** A call of a repository of sessions in which there is one of the name `all`. */
function onOne(call: (sessions: SessionRepository, key: string) => unknown, effect: Partial<WritingCall>): WritingCall {
  return {
    prepare: (stage) => storeSessions(stage, ['all']),
    begin: ({ db }) => call.bind(undefined, new SessionRepository(db)),
    ...effect,
  };
}

export const sessionCalls: WritingCalls = {
  'SessionRepository.createSession': onOne(
    (sessions, key) => sessions.createSession({ id: key, metadata: { text: textOf(key) } }),
    { stored: 'SELECT id FROM sessions' },
  ),
  'SessionRepository.updateSessionStats': onStored(
    (sessions, key) => sessions.updateSessionStats(key, { tokensIn: 1, cost: 0.1 }),
    { stored: 'SELECT id FROM sessions WHERE total_tokens_in = 1' },
  ),
  'SessionRepository.setArchived': onStored((sessions, key) => sessions.setArchived(key, true), {
    stored: 'SELECT id FROM sessions WHERE is_archived',
  }),
  'SessionRepository.deleteSession': onStored((sessions, key) => sessions.deleteSession(key), {
    deleted: SESSION_AND_MESSAGES,
    rows: 4,
  }),
  'SessionRepository.addMessage': onOne(
    (sessions, key) => sessions.addMessage({ session_id: 'all', role: 'user', content: textOf(key) }),
    { stored: `SELECT ${keyBefore(' ', 'content')} FROM messages` },
  ),
  'SessionRepository.addMessage, once': onOne(
    (sessions, key) =>
      sessions.addMessage({ session_id: 'all', role: 'user', content: textOf(key), operation_id: key }),
    { stored: 'SELECT operation_id FROM messages' },
  ),
  'SessionRepository.addMessages': onOne(
    (sessions, key) => sessions.addMessages(messagesOf(key).map((message) => ({ ...message, session_id: 'all' }))),
    { stored: `SELECT ${keyBefore('/', 'operation_id')} FROM messages`, rows: 3 },
  ),
  'SessionRepository.replaceMessage': onStored(
    (sessions, key) => {
      const [first] = sessions.getMessages(key, 1);
      return sessions.replaceMessage(first?.id ?? 0, {
        session_id: key,
        role: 'user',
        content: textOf(key),
        tokens: 9,
      });
    },
    { stored: 'SELECT session_id FROM messages WHERE tokens = 9' },
  ),
  'SessionRepository.transaction': onStored(
    (sessions, key) => sessions.transaction(() => sessions.setArchived(key, true)),
    { stored: 'SELECT id FROM sessions WHERE is_archived' },
  ),
  'SessionRepository.popMessage': onStored((sessions, key) => sessions.popMessage(key), {
    deleted: "SELECT session_id FROM messages WHERE operation_id LIKE '%/2'",
  }),
  'SessionRepository.deleteMessages': onStored((sessions, key) => sessions.deleteMessages(key), {
    deleted: 'SELECT session_id FROM messages',
    rows: 3,
  }),
  'SessionRepository.forkSession': onOne((sessions, key) => sessions.forkSession('all', { id: key }), {
    stored: SESSION_AND_MESSAGES,
    rows: 4,
  }),
  'SessionRepository.importSession': {
    prepare: (stage) => storeSessions(stage, ['all']),
    begin: ({ db }) => {
      const sessions = new SessionRepository(db);
      const exported = sessions.exportSession('all');
      return (key) => sessions.importSession({ ...exported, session: { ...exported.session, id: key } });
    },
    stored: SESSION_AND_MESSAGES,
    rows: 4,
  },
  'SessionRepository.importTranscripts': onOne((sessions, key) => sessions.importTranscripts([transcriptOf(key)]), {
    stored: SESSION_AND_MESSAGES,
    rows: 4,
  }),
  addUIMessage: onOne(
    (sessions, key) =>
      addUIMessage(sessions, 'all', { id: key, role: 'user', parts: [{ type: 'text', text: textOf(key) }] }),
    { stored: `SELECT ${keyBefore(' ', 'content')} FROM messages` },
  ),
  saveUIMessages: onOne(
    (sessions, key) =>
      saveUIMessages(
        sessions,
        'all',
        partsOf(key).map((part) => ({ id: part, role: 'user', parts: [{ type: 'text', text: textOf(part) }] })),
      ),
    { stored: `SELECT ${keyBefore('/', 'operation_id')} FROM messages`, rows: 3 },
  ),
  'OpenAIAgentsSession.addItems': {
    begin: ({ db }) => {
      const sessions = new SessionRepository(db);
      return (key) =>
        new OpenAIAgentsSession(sessions, key).addItems(partsOf(key).map((part) => ({ role: 'user', content: part })));
    },
    stored: 'SELECT session_id FROM messages',
    rows: 3,
  },
  'OpenAIAgentsSession.getSessionId': {
    begin: ({ db }) => {
      const sessions = new SessionRepository(db);
      return (key) => new OpenAIAgentsSession(sessions, key).getSessionId();
    },
    stored: 'SELECT id FROM sessions',
  },
  'OpenAIAgentsSession.getItems': {
    begin: ({ db }) => {
      const sessions = new SessionRepository(db);
      return (key) => new OpenAIAgentsSession(sessions, key).getItems();
    },
    stored: 'SELECT id FROM sessions',
  },
  'OpenAIAgentsSession.popItem': onStored((sessions, key) => new OpenAIAgentsSession(sessions, key).popItem(), {
    deleted: "SELECT session_id FROM messages WHERE operation_id LIKE '%/2'",
  }),
  'OpenAIAgentsSession.clearSession': onStored(
    (sessions, key) => new OpenAIAgentsSession(sessions, key).clearSession(),
    { deleted: 'SELECT session_id FROM messages', rows: 3 },
  ),
};

export const sessionReads = [
  'SessionRepository.getSessionById',
  'SessionRepository.getSessionWithMessages',
  'SessionRepository.findSessions',
  'SessionRepository.getRecentSessions',
  'SessionRepository.getMessages',
  'SessionRepository.getMessageByOperation',
  'SessionRepository.getRecentMessages',
  'SessionRepository.iterateMessages',
  'SessionRepository.searchMessages',
  'SessionRepository.exportSession',
  'SessionRepository.exportSessionMarkdown',
  'SessionRepository.readTranscript',
  'SessionRepository.redactTranscript',
  'SessionRepository.getStats',
  'SessionRepository.getCostByModel',
  'LangGraphCheckpointer.getTuple',
  'LangGraphCheckpointer.list',
];
