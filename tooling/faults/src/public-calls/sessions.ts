import * as sessions from '@codebuddy/db-sessions';
import * as aiSdk from '@codebuddy/db-sessions/ai-sdk';
import * as langgraph from '@codebuddy/db-sessions/langgraph';
import * as openaiAgents from '@codebuddy/db-sessions/openai-agents';
import { emptyFolder } from './folders.ts';
import type { PublicModule } from './public-object.ts';

const AT = '2026-01-01T00:00:00.000Z';
const page = { limit: 5, offset: 1 };

export const sessionsModule: PublicModule = {
  exports: { ...sessions, ...aiSdk, ...langgraph, ...openaiAgents },
  objects: {
    SessionRepository: ({ db }) => {
      const repository = new sessions.SessionRepository(db);
      const { id } = repository.createSession({ id: 's' });
      return {
        target: repository,
        calls: sessionCalls(repository.exportSession(id)),
        open: {
          importSession: 'reads what another release may have exported',
          redactTranscript: 'returns the transcript as it is otherwise',
        },
      };
    },
    CheckpointRepository: ({ db }) => ({ target: new sessions.CheckpointRepository(db), calls: checkpointCalls() }),
    ProjectCheckpoints: ({ db }) => ({
      target: new sessions.ProjectCheckpoints(new sessions.CheckpointRepository(db), {
        projectId: 'p',
        projectPath: emptyFolder(),
      }),
      calls: projectCalls(),
    }),
    OpenAIAgentsSession: ({ db }) => ({
      target: new openaiAgents.OpenAIAgentsSession(new sessions.SessionRepository(db), 'agents'),
      calls: agentsCalls(),
      open: { addItems: 'the Agents SDK makes the items' },
    }),
    LangGraphCheckpointer: async ({ manager }) => ({
      target: await langgraph.LangGraphCheckpointer.create(manager),
      calls: checkpointerCalls(),
      open: Object.fromEntries(
        ['put', 'putWrites', 'getTuple', 'list'].map((name) => [name, 'LangGraph makes its arguments']),
      ),
    }),
  },
  functions: ({ db }) => {
    const repository = new sessions.SessionRepository(db);
    repository.createSession({ id: 'ui' });
    const checkpoints = new sessions.CheckpointRepository(db);
    return {
      target: {
        'new SessionRepository': (options: object) => new sessions.SessionRepository(db, options).createSession(),
        'new CheckpointRepository': (options: object) =>
          new sessions.CheckpointRepository(db, options).create({ project_id: 'p', files: [] }),
        'new ProjectCheckpoints': (project: sessions.ProjectCheckpointsConfig) =>
          new sessions.ProjectCheckpoints(checkpoints, project).save(['none']),
        'new OpenAIAgentsSession': (id: string) => new openaiAgents.OpenAIAgentsSession(repository, id).getSessionId(),
        addUIMessage: aiSdk.addUIMessage.bind(undefined, repository),
        saveUIMessages: aiSdk.saveUIMessages.bind(undefined, repository),
        getUIMessages: aiSdk.getUIMessages.bind(undefined, repository),
      },
      calls: {
        'new SessionRepository': [{ clock: () => 1, generateId: () => crypto.randomUUID() }],
        'new CheckpointRepository': [{ clock: () => 1, generateId: () => crypto.randomUUID() }],
        'new ProjectCheckpoints': [{ projectId: 'p', projectPath: emptyFolder(), includeGit: true }],
        'new OpenAIAgentsSession': ['agents'],
        addUIMessage: ['ui', { id: 'm', role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
        saveUIMessages: ['ui', [{ id: 'm2', role: 'user', parts: [{ type: 'text', text: 'hello' }] }]],
        getUIMessages: ['ui'],
      },
      open: { addUIMessage: 'the AI SDK makes the message', saveUIMessages: 'the AI SDK makes the messages' },
    };
  },
  withoutInput: [
    'getSessionRepository',
    'resetSessionRepository',
    'getCheckpointRepository',
    'resetCheckpointRepository',
  ],
};

function sessionCalls(exported: unknown) {
  const filter = { projectId: 'p', isArchived: false, model: 'm', orderBy: 'total_cost', order: 'asc', ...page };
  const found = {
    projectId: 'p',
    sessionId: 's',
    role: ['user'],
    since: AT,
    until: '2099-01-01T00:00:00.000Z',
    highlight: ['<', '>'],
    match: 'any',
    ...page,
  };
  const message = {
    session_id: 's',
    role: 'user',
    content: 'hello',
    tool_calls: [{ a: 1 }],
    tool_call_id: 'c',
    tokens: 3,
    metadata: { a: 1 },
    operation_id: 'once',
  };
  const record = {
    id: 't',
    created_at: AT,
    updated_at: AT,
    total_tokens_in: 1,
    total_tokens_out: 1,
    total_cost: 0.1,
    message_count: 1,
    tool_calls_count: 0,
    is_archived: false,
  };
  const transcript = { session: record, messages: [{ role: 'user', content: 'x', tokens: 1, created_at: AT }] };
  return {
    createSession: [{ id: 'new', project_id: 'p', project_path: '/p', name: 'n', model: 'm', metadata: { a: 1 } }],
    getSessionById: ['s'],
    getSessionWithMessages: ['s'],
    findSessions: [filter],
    getRecentSessions: [3],
    updateSessionStats: ['s', { tokensIn: 1, tokensOut: 2, cost: 0.1, toolCalls: 1 }],
    setArchived: ['s', true],
    deleteSession: ['none'],
    addMessage: [message],
    addMessages: [[{ ...message, operation_id: 'twice' }]],
    replaceMessage: [1, { ...message, tokens: 4 }],
    getMessageByOperation: ['s', 'once'],
    transaction: [() => 1],
    popMessage: ['none'],
    getMessages: ['s', 3],
    getRecentMessages: ['s', 3],
    iterateMessages: ['s'],
    deleteMessages: ['s', 1_000],
    searchMessages: ['hello', found],
    forkSession: ['s', { id: 'fork', name: 'n', fromMessageId: 1 }],
    exportSession: ['s'],
    exportSessionMarkdown: ['s'],
    importSession: [exported],
    importTranscripts: [[transcript]],
    readTranscript: ['s'],
    redactTranscript: [transcript],
    getStats: ['p'],
    getCostByModel: [],
  };
}

function checkpointCalls() {
  const file = { file_path: 'src/a.ts', content: Uint8Array.of(1, 2), mode: 0o644 };
  return {
    create: [
      {
        id: 'c',
        project_id: 'p',
        project_path: '/p',
        description: 'd',
        metadata: { a: 1 },
        secrets: 'skip',
        files: [file],
        absent_folders: ['lib'],
      },
    ],
    getById: ['c'],
    find: [{ projectId: 'p', kind: 'saved', ...page }],
    getFiles: ['c'],
    getContent: ['0'.repeat(64)],
    rebind: [
      { projectId: 'p', projectPath: '/p' },
      { projectId: 'p', projectPath: '/q' },
    ],
    historyOf: [{ projectId: 'p', projectPath: '/p' }],
    delete: ['c'],
  };
}

function projectCalls() {
  return {
    save: [['src/a.ts'], { description: 'd', metadata: { a: 1 }, secrets: 'skip' }],
    list: [],
    diff: ['none'],
    restore: ['none', ['src/a.ts']],
    undo: [],
    redo: [],
    recover: [],
    rebind: [emptyFolder(), { projectId: 'p', projectPath: '/p' }],
  };
}

function agentsCalls() {
  const call = { type: 'function_call', callId: 'c', name: 'track', status: 'completed', arguments: '{}' };
  return {
    getSessionId: [],
    getItems: [3],
    addItems: [[{ role: 'user', content: [{ type: 'input_text', text: 'hello' }] }, call]],
    popItem: [],
    clearSession: [],
  };
}

function checkpointerCalls() {
  const config = { configurable: { thread_id: 't', checkpoint_ns: '', checkpoint_id: 'c' } };
  const checkpoint = {
    v: 4,
    id: 'c',
    ts: AT,
    channel_values: { messages: ['hello'] },
    channel_versions: { messages: 1 },
    versions_seen: { node: { messages: 1 } },
  };
  const metadata = { source: 'loop', step: 1, parents: {} };
  return {
    put: [config, checkpoint, metadata, { messages: 1 }],
    putWrites: [config, [['messages', 'hello']], 'task', 'path'],
    getTuple: [config],
    list: [config, { limit: 3, before: config, filter: { source: 'loop' } }],
    deleteThread: ['none'],
  };
}
