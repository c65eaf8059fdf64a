import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalyticsRepository, PersistentAnalytics, PersistentLearning } from '@codebuddy/db-analytics';
import { CacheRepository, SemanticCache } from '@codebuddy/db-cache';
import type { Database } from '@codebuddy/db-core';
import { EmbeddingRepository } from '@codebuddy/db-embeddings';
import { MemoryRepository } from '@codebuddy/db-memory';
import { CheckpointRepository, ProjectCheckpoints, SessionRepository } from '@codebuddy/db-sessions';

/** An object of the public interface, and arguments that each of its calls takes. */
export interface PublicObject {
  readonly target: object;
  readonly calls: Readonly<Record<string, readonly unknown[]>>;
}

/** Nothing is in it: checkpoints of it hold no files. */
const EMPTY_FOLDER = mkdtempSync(join(tmpdir(), 'codebuddy-empty-'));
process.once('exit', () => rmSync(EMPTY_FOLDER, { recursive: true, force: true }));

const AT = '2026-01-01T00:00:00.000Z';
const VECTOR = Float32Array.of(1, 2, 3);
const page = { limit: 5, offset: 1 };
const days = { startDate: '2025-12-01', endDate: '2026-01-31', projectId: 'p', model: 'm' };

const MAKERS: Readonly<Record<string, (db: Database) => PublicObject>> = {
  MemoryRepository: (db) => ({ target: new MemoryRepository(db), calls: memoryCalls() }),
  SessionRepository: (db) => {
    const sessions = new SessionRepository(db);
    const { id } = sessions.createSession({ id: 's' });
    return { target: sessions, calls: sessionCalls(sessions.exportSession(id)) };
  },
  CheckpointRepository: (db) => ({ target: new CheckpointRepository(db), calls: checkpointCalls() }),
  AnalyticsRepository: (db) => ({ target: new AnalyticsRepository(db), calls: analyticsCalls() }),
  PersistentAnalytics: (db) => ({ target: new PersistentAnalytics({ daily: 100 }, { db }), calls: spendingCalls() }),
  PersistentLearning: (db) => ({ target: new PersistentLearning({ db }), calls: learningCalls() }),
  EmbeddingRepository: (db) => ({ target: new EmbeddingRepository(db), calls: chunkCalls() }),
  CacheRepository: (db) => ({ target: new CacheRepository(db), calls: cacheCalls() }),
  SemanticCache: (db) => ({
    target: new SemanticCache(new CacheRepository(db), { namespace: 'n', model: 'm', embeddingModel: 'e' }),
    calls: answerCalls(),
  }),
  ProjectCheckpoints: (db) => ({
    target: new ProjectCheckpoints(new CheckpointRepository(db), { projectId: 'p', projectPath: EMPTY_FOLDER }),
    calls: projectCalls(),
  }),
};

/** The repositories and services that take a connection. */
export const OBJECTS: readonly string[] = Object.keys(MAKERS);

/** Returns one of them, on a connection, with arguments for all of its calls: a test compares them with its class. */
export function publicObject(name: string, db: Database): PublicObject {
  const make = MAKERS[name];
  if (make === undefined) throw new Error(`There is no ${name}`);
  return make(db);
}

function answerCalls() {
  return {
    store: ['a question', VECTOR, { answer: 1 }, { ttlMs: 1_000 }],
    find: ['a question', VECTOR],
    evict: ['none'],
    clear: [],
  };
}

function projectCalls() {
  return {
    save: [['src/a.ts'], { description: 'd', metadata: { a: 1 } }],
    list: [],
    diff: ['none'],
    restore: ['none', ['src/a.ts']],
  };
}

/** Arguments for all calls of a provider of embeddings. */
export function providerCalls(): PublicObject['calls'] {
  return {
    initialize: [],
    isReady: [],
    getProviderType: [],
    getModel: [],
    getDimensions: [],
    embed: ['a text', {}],
    embedBatch: [['a text', 'another'], {}],
  };
}

/** Arguments for the calls of a manager that leave it open; its SQL is its caller's own. */
export function managerCalls(): PublicObject['calls'] {
  return {
    initialize: [],
    isInitialized: [],
    getDatabase: [],
    getDatabaseStats: [],
    getTableSizes: [],
    formatStats: [],
    checkHealth: ['none'],
    registerModule: [{ name: 'notes', migrations: { 1: 'CREATE TABLE notes_entries (id INTEGER)' } }],
  };
}

/** Arguments for all calls of the facade. */
export function facadeCalls(): PublicObject['calls'] {
  const filter = { type: 'fact', scope: 'user', projectId: 'p', minImportance: 0.1, limit: 3 };
  return {
    initialize: [],
    addMemory: [
      'a memory',
      { type: 'fact', scope: 'user', importance: 0.5, metadata: { a: 1 }, generateEmbedding: true },
    ],
    searchMemories: ['a memory', { ...filter, semantic: true }],
    payOwedEmbeddings: [],
    getMemories: [{ ...filter, offset: 1 }],
    updateMemoryImportance: ['none', 0.5],
    deleteMemory: ['none'],
    createSession: [{ projectId: 'p', projectPath: '/p', name: 'n', model: 'grok-3' }],
    getSession: ['none'],
    addMessage: ['none', 'user', 'hello', { toolCalls: [{ a: 1 }], toolCallId: 'c', tokens: 3 }],
    getMessages: ['none', 3],
    updateSessionStats: ['none', { tokensIn: 1, tokensOut: 1, cost: 0.1, toolCalls: 1 }],
    getRecentSessions: [3],
    recordRepairAttempt: [
      'Cannot find name x',
      'compile',
      'import it',
      true,
      1,
      { language: 'ts', fixCode: 'import x' },
    ],
    getBestRepairStrategies: ['Cannot find name x', { errorType: 'compile', language: 'ts', limit: 3 }],
    recordToolUsage: ['grep', true, 10, false, 'p'],
    getCostSummary: [],
    getAnalyticsDashboard: [],
    getLearningStats: [],
    getCached: ['k'],
    setCached: ['k', { a: 1 }, 1_000],
    getOrComputeCached: ['computed', () => 1, 1_000],
    indexCodeChunk: [
      'p',
      'a.ts',
      0,
      'function a() {}',
      { symbolType: 'function', symbolName: 'a', startLine: 1, language: 'ts' },
    ],
    searchCode: ['a', 'p', { limit: 3, symbolType: 'function' }],
    reembed: [],
    getStats: [],
    formatStats: [],
  };
}

function memoryCalls() {
  const memory = {
    id: 'a',
    type: 'fact',
    scope: 'project',
    project_id: 'p',
    content: 'a memory',
    embedding: VECTOR,
    embedding_model: 'm',
    importance: 0.5,
    expires_at: '2099-01-01T00:00:00.000Z',
    metadata: { a: 1 },
  };
  const filter = { type: ['fact'], scope: 'project', projectId: 'p', minImportance: 0.1, ...page };
  const record = { ...memory, access_count: 1, created_at: AT, last_accessed: AT };
  return {
    create: [memory],
    bulkCreate: [[memory, { type: 'fact', content: 'b' }]],
    getById: ['a'],
    find: [filter],
    search: ['a memory', filter],
    searchSimilar: [VECTOR, { ...filter, embeddingModel: 'm', mode: 'exact' }, 3],
    searchHybrid: ['a memory', VECTOR, { ...filter, embeddingModel: 'm', diversity: 0.5 }],
    update: ['a', { content: 'changed', importance: 1, expires_at: null, metadata: {} }],
    supersede: ['a', { type: 'fact', content: 'newer' }],
    getHistory: ['a'],
    delete: ['a'],
    deleteExpired: [],
    findOwingEmbedding: [3],
    getStats: [],
    countOutdated: ['m'],
    findOutdated: ['m', 0, 5],
    replaceVectors: ['n', [{ key: 1, text: 'a memory', embedding: VECTOR }]],
    importMemories: [[record]],
    locateMemories: [[record]],
  };
}

function sessionCalls(exported: unknown) {
  const filter = { projectId: 'p', isArchived: false, model: 'm', orderBy: 'total_cost', order: 'asc', ...page };
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
    popMessage: ['none'],
    getMessages: ['s', 3],
    getRecentMessages: ['s', 3],
    iterateMessages: ['s'],
    deleteMessages: ['s', 1_000],
    searchMessages: ['hello', { projectId: 'p', ...page }],
    forkSession: ['s', { id: 'fork', name: 'n', fromMessageId: 1 }],
    exportSession: ['s'],
    exportSessionMarkdown: ['s'],
    importSession: [exported],
    importTranscript: [transcript],
    readTranscript: ['s'],
    getStats: ['p'],
    getCostByModel: [],
  };
}

function checkpointCalls() {
  const file = { file_path: 'src/a.ts', content: Uint8Array.of(1, 2), mode: 0o644 };
  return {
    create: [{ id: 'c', project_id: 'p', project_path: '/p', description: 'd', metadata: { a: 1 }, files: [file] }],
    getById: ['c'],
    find: [{ projectId: 'p', ...page }],
    getFiles: ['c'],
    getContent: ['0'.repeat(64)],
    delete: ['c'],
  };
}

function analyticsCalls() {
  const row = {
    date: '2026-01-01',
    project_id: 'p',
    model: 'm',
    tokens_in: 1,
    tokens_out: 2,
    cost: 0.5,
    requests: 1,
    tool_calls: 1,
    errors: 0,
    avg_response_time_ms: 10,
    cache_hit_rate: 0.5,
    session_count: 1,
  };
  const details = { contextHash: 'c', language: 'ts', framework: 'f', example: 'x' };
  const cost = { key: 'k', date: '2026-01-01', model: 'm', cost: 1, tokensIn: 1, tokensOut: 1, sessions: 1 };
  return {
    recordAnalytics: [row],
    getAnalytics: [days],
    getDailySummary: [30],
    getTotalCost: [days],
    recordToolUsage: ['grep', true, 10, false, 'p'],
    getToolStats: ['p'],
    getTopTools: [3],
    recordRepairAttempt: ['pattern', 'type', 'strategy', true, 1, details],
    getBestStrategies: ['pattern', { errorType: 'type', language: 'ts', framework: 'f', minSuccessRate: 0.1 }, 3],
    getRepairStats: [],
    deleteOldAnalytics: [90, { dryRun: true }],
    resetStats: [],
    importCosts: [[cost]],
    locateCosts: [['k']],
  };
}

function spendingCalls() {
  const request = {
    model: 'grok-3',
    tokensIn: 10,
    tokensOut: 5,
    cost: 0.1,
    responseTimeMs: 5,
    cacheHit: false,
    toolCalls: 1,
    error: false,
    projectId: 'p',
  };
  return {
    record: [request],
    recordSession: ['p'],
    calculateCost: ['grok-3', 10, 5],
    getSessionCost: ['s'],
    getDailyCost: ['2026-01-01'],
    getWeeklyCost: [],
    getMonthlyCost: [],
    getSummary: [days],
    getDailySummaries: [30],
    getBudgetStatus: [],
    setBudget: [{ daily: 100, weekly: 200, monthly: 300, session: 50 }],
    reserve: [0.01, 1_000],
    settle: ['none', request],
    cancel: ['none'],
    export: [days],
    exportCSV: [days],
    formatDashboard: [],
    cleanup: [90, { dryRun: true }],
  };
}

function learningCalls() {
  const attempt = {
    errorMessage: 'Cannot find name x',
    errorType: 'compile',
    strategy: 'import it',
    success: true,
    attempts: 1,
    language: 'ts',
    framework: 'f',
    fixCode: 'import x',
    contextHash: 'c',
  };
  const seen = {
    projectId: 'p',
    category: 'naming',
    pattern: 'kebab',
    description: 'd',
    confidence: 0.5,
    example: 'e',
  };
  return {
    recordRepairAttempt: [attempt],
    getBestRepairStrategies: ['Cannot find name x', { errorType: 'compile', language: 'ts', framework: 'f', limit: 3 }],
    recordConvention: [seen],
    getProjectConventions: ['p', { category: 'naming', minConfidence: 0.1 }],
    recordToolUsage: [{ toolName: 'grep', success: true, timeMs: 10, cacheHit: false, projectId: 'p' }],
    getToolStats: ['p'],
    getBestToolForTask: [['grep', 'sed'], 'p'],
    generateInsights: ['p'],
    getStats: [],
    formatStats: [],
  };
}

function chunkCalls() {
  const chunk = {
    chunk_text: 'function a() {}',
    chunk_hash: 'h',
    embedding: VECTOR,
    embedding_model: 'm',
    symbol_type: 'function',
    symbol_name: 'a',
    start_line: 1,
    end_line: 2,
    language: 'ts',
  };
  const placed = { ...chunk, project_id: 'p', file_path: 'a.ts', chunk_index: 0 };
  const filter = { projectId: 'p', filePath: 'a.ts', symbolType: 'function', symbolName: 'a', language: 'ts' };
  return {
    upsert: [placed],
    bulkUpsert: [[placed]],
    replaceFile: ['p', 'a.ts', 'h', [chunk]],
    markIndexed: ['p', 'a.ts', 'h'],
    needsReindex: ['p', 'a.ts', 'h'],
    getById: [1],
    find: [{ ...filter, ...page }],
    searchSimilar: [VECTOR, { ...filter, embeddingModel: 'm', mode: 'exact' }, 3],
    searchHybrid: ['a', VECTOR, { ...filter, embeddingModel: 'm', diversity: 0.5, limit: 3 }],
    searchBySymbol: ['a', filter, 3],
    deleteForFile: ['p', 'none.ts'],
    deleteForProject: ['none'],
    deleteStale: ['p', ['a.ts']],
    getStats: ['p'],
    getModels: [],
    countOutdated: ['m'],
    findOutdated: ['m', 0, 5],
    replaceVectors: ['n', [{ key: 1, text: 'function a() {}', embedding: VECTOR }]],
    getCachedVector: ['text', 'm'],
    cacheVector: ['text', 'm', VECTOR],
    pruneVectorCache: [90],
  };
}

function cacheCalls() {
  const options = {
    ttlMs: 1_000,
    staleMs: 1_000,
    category: 'c',
    tags: ['t'],
    embedding: VECTOR,
    embeddingModel: 'm',
  };
  const { embedding: _, embeddingModel: __, ...computed } = options;
  return {
    get: ['k'],
    getEntry: ['k'],
    set: ['k', { a: 1 }, options],
    getOrCompute: ['computed', () => 1, computed],
    delete: ['k'],
    deleteByPattern: ['none'],
    deleteByCategory: ['none'],
    deleteByTag: ['none'],
    deleteExpired: [],
    clear: ['none'],
    has: ['k'],
    keys: [{ category: 'c', includeExpired: true }],
    entries: ['k'],
    searchSimilar: [VECTOR, 'c', 3, 'm'],
    getStats: [],
    getSizeEstimate: [],
    flush: [],
    importEntries: [[{ key: 'i', value: 1, created_at: AT, hits: 1, category: 'c', embedding: VECTOR }]],
    locateEntries: [['k']],
  };
}
