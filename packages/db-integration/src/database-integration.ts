import { getPersistentAnalytics, getPersistentLearning, type LearningStats } from '@codebuddy/db-analytics';
import { getCacheRepository } from '@codebuddy/db-cache';
import {
  type CodeEmbedding,
  getDatabaseManager,
  initializeDatabase,
  type Memory,
  type Message,
  type MessageRole,
  type Page,
  type RepairErrorType,
  type Session,
} from '@codebuddy/db-core';
import {
  contextOf,
  describeUnusedNames,
  type Given,
  optionalBoolean,
  readConfig,
  readOptions,
  TypedEventEmitter,
} from '@codebuddy/db-core/internal';
import { getEmbeddingRepository, type ReembedConfig, reembed } from '@codebuddy/db-embeddings';
import { getMemoryRepository, type MemoryFilter } from '@codebuddy/db-memory';
import { getSessionRepository, type SessionUsage } from '@codebuddy/db-sessions';
import { CostedSessions, type NewIntegrationSession } from './costed-sessions.ts';
import type { DatabaseIntegrationConfig } from './integration-config.ts';
import { formatIntegrationStats } from './integration-stats.ts';
import type {
  AddMemoryOptions,
  CodeChunkDetails,
  CodeSearchResult,
  CostSummary,
  DatabaseIntegrationEvents,
  IntegrationStats,
  MemorySearchResult,
  MessageDetails,
  RepairAttemptDetails,
  RepairStrategyFilter,
  SearchCodeOptions,
  SearchMemoriesOptions,
} from './integration-types.ts';
import { importAndTell, isImportWanted } from './legacy-import.ts';
import * as names from './option-names.ts';
import { ProviderAccess } from './provider-access.ts';
import { SemanticCode } from './semantic-code.ts';
import { SemanticMemories } from './semantic-memories.ts';

/**
 * The whole database behind one object: for workflows that touch several repositories. It uses the process's one
 * database, so it also works after a bare `initializeDatabaseSystem()`.
 *
 * @example
 * ```ts
 * const db = await initializeDatabaseIntegration({ dbPath: './my-codebuddy.db' });
 * await db.addMemory('Commit messages use the imperative', { type: 'instruction' });
 * const found = await db.searchMemories('commit messages');
 * ```
 */
export class DatabaseIntegration extends TypedEventEmitter<DatabaseIntegrationEvents> {
  readonly #config: Given<DatabaseIntegrationConfig>;
  readonly #provider: ProviderAccess;
  readonly #semanticMemories: SemanticMemories;
  readonly #semanticCode: SemanticCode;
  readonly #sessions = new CostedSessions();
  /** To be told once, when somebody can listen. */
  #unusedNames: string | undefined;

  constructor(config: DatabaseIntegrationConfig = {}) {
    super();
    this.#config = readConfig(config, names.CONFIG);
    optionalBoolean(this.#config.autoMigrate, 'autoMigrate');
    this.#unusedNames = describeUnusedNames(config, names.CONFIG);
    const warn = (message: string) => void this.emit('warning', { message });
    this.#provider = new ProviderAccess(this.#config.embeddingProvider, warn);
    this.#semanticMemories = new SemanticMemories(this.#provider, warn);
    this.#semanticCode = new SemanticCode(this.#provider, this.#config.redactCode);
  }

  /** Opens the database, imports legacy JSON files, and gets the embedding provider ready if one is configured. */
  async initialize(): Promise<void> {
    const { autoMigrate, embeddingProvider, redactCode: _, ...database } = this.#config;
    if (this.#unusedNames !== undefined) this.emit('warning', { message: this.#unusedNames });
    this.#unusedNames = undefined;
    const manager = await initializeDatabase(database);
    if (autoMigrate ?? isImportWanted(manager.getDatabase())) await importAndTell(this);
    if (embeddingProvider !== undefined) await this.#provider.get().initialize();
    this.emit('initialized', { path: manager.getDatabase().name });
  }

  /** Returns whether the process's database is open. */
  isInitialized(): boolean {
    return getDatabaseManager().isInitialized();
  }

  /**
   * Stores a memory; one with the same content, of the same user and scope, is not stored twice. Its vector follows, unless
   * `generateEmbedding` is false; where the model is out of reach it is pending, and a `warning` says so.
   */
  async addMemory(content: string, options: AddMemoryOptions = {}): Promise<Memory> {
    return this.#semanticMemories.add(content, readOptions(options, names.ADD_MEMORY));
  }

  /** Finds memories, by their words or by their meaning; each says by which it was found. */
  async searchMemories(query: string, options: SearchMemoriesOptions = {}): Promise<MemorySearchResult[]> {
    return this.#semanticMemories.find(query, readOptions(options, names.SEARCH_MEMORIES));
  }

  /** Makes some of the vectors that are pending since the model was out of reach, and returns how many were made. */
  embedPending(): Promise<number> {
    return this.#semanticMemories.embedPending();
  }

  /** Returns the memories that pass a filter: the most important first, then the newest. */
  getMemories(filter?: MemoryFilter & Page): Memory[] {
    return getMemoryRepository().find(filter);
  }

  /** Sets a memory's importance, from 0 to 1, and returns whether it existed. */
  updateMemoryImportance(id: string, importance: number): boolean {
    return getMemoryRepository().update(id, { importance });
  }

  /** Deletes a memory, and returns whether it existed. */
  deleteMemory(id: string): boolean {
    return getMemoryRepository().delete(id);
  }

  /** Starts a session, and counts it on this day. */
  createSession(session: NewIntegrationSession = {}): Session {
    return this.#sessions.create(session);
  }

  /** Returns a session. */
  getSession(id: string): Session | null {
    return getSessionRepository().getSessionById(id);
  }

  /** Appends a message to a session. */
  addMessage(sessionId: string, role: MessageRole, content?: string | null, details: MessageDetails = {}): Message {
    const { toolCalls, toolCallId, tokens } = readOptions(details, names.MESSAGE_DETAILS, 'details');
    return getSessionRepository().addMessage({
      session_id: sessionId,
      role,
      content,
      tool_calls: toolCalls,
      tool_call_id: toolCallId,
      tokens,
    });
  }

  /** Returns the messages of a session, oldest first: all, or the first `limit`. */
  getMessages(sessionId: string, limit?: number | null): Message[] {
    return getSessionRepository().getMessages(sessionId, limit);
  }

  /** Adds to what a session has used, in the session and in the analytics, and returns whether it existed. */
  updateSessionStats(id: string, usage: SessionUsage): boolean {
    return this.#sessions.addUsage(id, usage);
  }

  /** Returns the sessions updated last, archived ones left out. */
  getRecentSessions(limit?: number): Session[] {
    return getSessionRepository().getRecentSessions(limit);
  }

  /** Records how a strategy fared against an error. */
  recordRepairAttempt(
    message: string,
    type: RepairErrorType,
    strategy: string,
    success: boolean,
    attempts: number,
    details: RepairAttemptDetails = {},
  ): void {
    const attempt = { errorMessage: message, errorType: type, strategy, success, attempts };
    getPersistentLearning().recordRepairAttempt({
      ...attempt,
      ...readOptions(details, names.REPAIR_DETAILS, 'details'),
    });
  }

  /** Recommends strategies against an error, the most trustworthy first. */
  getBestRepairStrategies(
    message: string,
    filter: RepairStrategyFilter = {},
  ): { strategy: string; successRate: number }[] {
    const learning = getPersistentLearning();
    return learning
      .getBestRepairStrategies(message, readOptions(filter, names.STRATEGY_FILTER, 'filter'))
      .map(({ strategy, success_rate }) => ({ strategy, successRate: success_rate }));
  }

  /** Records that a tool was used; the time is in milliseconds. */
  recordToolUsage(
    toolName: string,
    success: boolean,
    timeMs: number,
    cacheHit?: boolean | null,
    projectId?: string | null,
  ): void {
    getPersistentLearning().recordToolUsage({ toolName, success, timeMs, cacheHit, projectId });
  }

  /** Returns what was spent, in US dollars. */
  getCostSummary(): CostSummary {
    return this.#sessions.costSummary();
  }

  /** Writes costs, days and budgets for a terminal. */
  getAnalyticsDashboard(): string {
    return getPersistentAnalytics().formatDashboard();
  }

  /** Returns what was learned in all. */
  getLearningStats(): LearningStats {
    return getPersistentLearning().getStats();
  }

  /** Returns a cached value, or `null`. */
  getCached<Value = unknown>(key: string): Value | null {
    return getCacheRepository().get<Value>(key);
  }

  /** Caches a value, for some milliseconds or forever. */
  setCached(key: string, value: unknown, ttlMs?: number | null): void {
    getCacheRepository().set(key, value, { ttlMs });
  }

  /** Returns a cached value, or computes and caches it, for some milliseconds or forever. */
  async getOrComputeCached<Value>(
    key: string,
    compute: () => Value | Promise<Value>,
    ttlMs?: number | null,
  ): Promise<Value> {
    return (await getCacheRepository().getOrCompute(key, compute, { ttlMs })).value;
  }

  /**
   * Makes a chunk of code findable by its meaning, in place of any other at its place.
   *
   * @throws EmbeddingFailedError when the model is out of reach; nothing is stored
   */
  async indexCodeChunk(
    projectId: string,
    filePath: string,
    chunkIndex: number,
    text: string,
    details: CodeChunkDetails = {},
  ): Promise<CodeEmbedding> {
    return this.#semanticCode.index(
      projectId,
      filePath,
      chunkIndex,
      text,
      readOptions(details, names.CHUNK_DETAILS, 'details'),
    );
  }

  /**
   * Finds code of a project by its meaning.
   *
   * @throws EmbeddingFailedError when the model is out of reach
   */
  async searchCode(query: string, projectId: string, options: SearchCodeOptions = {}): Promise<CodeSearchResult[]> {
    const { symbolType, limit = 10 } = readOptions(options, names.SEARCH_CODE);
    return this.#semanticCode.search(query, projectId, symbolType, limit);
  }

  /**
   * Moves the vectors of memories and code to the configured model; the old ones go on serving until all are made.
   *
   * @returns how many vectors were replaced
   */
  async reembed(options: Pick<ReembedConfig, 'signal' | 'onProgress'> = {}): Promise<number> {
    const cache = getEmbeddingRepository();
    const work = { db: getDatabaseManager().getDatabase(), cache, targets: [getMemoryRepository(), cache] };
    return reembed({ ...work, provider: this.#provider.get(), ...readOptions(options, names.REEMBED) });
  }

  /** Counts what each part of the database holds. */
  getStats(): IntegrationStats {
    return contextOf(getDatabaseManager().getDatabase()).read('integration.getStats', () => ({
      database: getDatabaseManager().getDatabaseStats(),
      memory: getMemoryRepository().getStats(),
      session: getSessionRepository().getStats(),
      embedding: getEmbeddingRepository().getStats(),
      cache: getCacheRepository().getStats(),
    }));
  }

  /** Writes the statistics for people. */
  formatStats(): string {
    return formatIntegrationStats(this.getStats());
  }
}
