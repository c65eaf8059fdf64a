import {
  type DatabaseStats,
  getDatabaseManager,
  initializeDatabase,
  type JsonObject,
  type JsonValue,
  type Memory,
  type MemoryScope,
  type MemoryType,
  type Message,
  type MessageRole,
  type Page,
  type Session,
  TypedEventEmitter,
} from '@codebuddy/db-core';
import { getMemoryRepository, type MemoryFilter, type MemoryStats } from '@codebuddy/db-memory';
import type { MigrationResult } from '@codebuddy/db-migrate';
import { getSessionRepository, type SessionStats, type SessionUsage } from '@codebuddy/db-sessions';
import { createMigration } from './legacy-import.ts';

/** How the facade opens the database. */
export interface DatabaseIntegrationConfig {
  /** The file. Default: `CODEBUDDY_DB_PATH`, or `~/.codebuddy/codebuddy.db`. */
  readonly dbPath?: string | undefined;
  /** Keeps the database in memory. Default: false. */
  readonly inMemory?: boolean | undefined;
  /** Imports legacy JSON files on opening. Default: true, but false for a database in memory. */
  readonly autoMigrate?: boolean | undefined;
}

/** What the facade tells. */
export interface DatabaseIntegrationEvents {
  initialized: { path: string };
  'migration:starting': { files: readonly string[] };
  'migration:complete': MigrationResult;
  /** Something works less well than it should; the message says what to do. */
  warning: { message: string };
}

/** How a memory is added. */
export interface AddMemoryOptions {
  /** Default: `fact`. */
  readonly type?: MemoryType | undefined;
  /** Default: `user`. */
  readonly scope?: MemoryScope | undefined;
  readonly projectId?: string | undefined;
  /** From 0 to 1. Default: 0.5. */
  readonly importance?: number | undefined;
  readonly expiresAt?: Date | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** Which memories a search looks at. */
export interface SearchMemoriesOptions extends Omit<MemoryFilter, 'includeSuperseded'> {
  /** Default: 10. */
  readonly limit?: number | undefined;
}

/** A memory that a search found. */
export interface MemorySearchResult {
  readonly memory: Memory;
  /** The cosine of the angle between both vectors, where the search was by meaning. */
  readonly similarity?: number;
}

/** What each part of the database holds. */
export interface IntegrationStats {
  readonly database: DatabaseStats;
  readonly memory: MemoryStats;
  readonly session: SessionStats;
}

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
  readonly #config: DatabaseIntegrationConfig;

  constructor(config: DatabaseIntegrationConfig = {}) {
    super();
    this.#config = config;
  }

  /** Opens the database, and imports legacy JSON files where there is something new in them. */
  async initialize(): Promise<void> {
    const { dbPath, inMemory, autoMigrate = inMemory !== true } = this.#config;
    const manager = await initializeDatabase({ dbPath, inMemory });
    if (autoMigrate) await this.#importLegacyFiles();
    this.emit('initialized', { path: manager.getDatabase().name });
  }

  /** Stores a memory; one with the same content in the same scope is not stored twice. */
  async addMemory(content: string, options: AddMemoryOptions = {}): Promise<Memory> {
    const { type = 'fact', scope = 'user', projectId, importance, expiresAt, metadata } = options;
    return getMemoryRepository().create({
      content,
      type,
      scope,
      project_id: projectId,
      importance,
      expires_at: expiresAt,
      metadata,
    });
  }

  /** Finds memories by their words. */
  async searchMemories(query: string, options: SearchMemoriesOptions = {}): Promise<MemorySearchResult[]> {
    const matches = getMemoryRepository().search(query, { limit: 10, ...options });
    return matches.map(({ memory }) => ({ memory }));
  }

  /** Returns the memories that pass a filter: the most important first, then the newest. */
  getMemories(filter?: MemoryFilter & Page): Memory[] {
    return getMemoryRepository().find(filter);
  }

  /** Sets a memory's importance, from 0 to 1, and tells whether it was there. */
  updateMemoryImportance(id: string, importance: number): boolean {
    return getMemoryRepository().update(id, { importance });
  }

  /** Deletes a memory, and tells whether it was there. */
  deleteMemory(id: string): boolean {
    return getMemoryRepository().delete(id);
  }

  /** Starts a session. */
  createSession(session: { projectId?: string; projectPath?: string; name?: string; model?: string } = {}): Session {
    const { projectId, projectPath, name, model } = session;
    return getSessionRepository().createSession({ project_id: projectId, project_path: projectPath, name, model });
  }

  /** Returns a session. */
  getSession(id: string): Session | null {
    return getSessionRepository().getSessionById(id);
  }

  /** Appends a message to a session. */
  addMessage(
    sessionId: string,
    role: MessageRole,
    content?: string | null,
    options: { toolCalls?: JsonValue; toolCallId?: string; tokens?: number } = {},
  ): Message {
    return getSessionRepository().addMessage({
      session_id: sessionId,
      role,
      content,
      tool_calls: options.toolCalls,
      tool_call_id: options.toolCallId,
      tokens: options.tokens,
    });
  }

  /** Returns the messages of a session, oldest first: all, or the first `limit`. */
  getMessages(sessionId: string, limit?: number): Message[] {
    return getSessionRepository().getMessages(sessionId, limit);
  }

  /** Adds to what a session has used, and tells whether it was there. */
  updateSessionStats(id: string, usage: SessionUsage): boolean {
    return getSessionRepository().updateSessionStats(id, usage);
  }

  /** Returns the sessions updated last, archived ones left out. */
  getRecentSessions(limit?: number): Session[] {
    return getSessionRepository().getRecentSessions(limit);
  }

  /** Counts what each part of the database holds. */
  getStats(): IntegrationStats {
    return {
      database: getDatabaseManager().getDatabaseStats(),
      memory: getMemoryRepository().getStats(),
      session: getSessionRepository().getStats(),
    };
  }

  /** Writes the statistics for people. */
  formatStats(): string {
    const { memory, session } = this.getStats();
    return [
      getDatabaseManager().formatStats(),
      `  Average importance of memories: ${memory.avgImportance.toFixed(2)}`,
      `  Messages: ${session.totalMessages.toLocaleString('en-US')}, in ${session.activeSessions.toLocaleString('en-US')} active sessions`,
      `  Cost of all sessions: $${session.totalCost.toFixed(2)}`,
    ].join('\n');
  }

  async #importLegacyFiles(): Promise<void> {
    const migration = createMigration();
    const { needsMigration, files } = migration.getMigrationStatus();
    if (!needsMigration) return;
    this.emit('migration:starting', { files: files.filter(({ exists }) => exists).map(({ path }) => path) });
    const result = await migration.migrate();
    this.emit('migration:complete', result);
    if (!result.success) {
      const message = `${result.errors.length} legacy entries could not be imported; their files were left in place. First: ${result.errors[0]}`;
      this.emit('warning', { message });
    }
  }
}
