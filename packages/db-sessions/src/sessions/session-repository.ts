import type {
  ForkOptions,
  MessageMatch,
  MessageSearchOptions,
  ModelCost,
  NewMessage,
  NewSession,
  SessionExport,
  SessionFilter,
  SessionStats,
  SessionStore,
  SessionUsage,
} from '@codebuddy/db-core';
import {
  type Database,
  getDatabaseManager,
  type Message,
  type RepositoryOptions,
  type Session,
} from '@codebuddy/db-core';
import {
  contextOf,
  type ImportedTranscript,
  type RunReads,
  type RunTransaction,
  readOptions,
  requireArray,
  requireInteger,
  resolveRepositoryOptions,
  type SessionImportOutcome,
  type SessionImportTarget,
  shareRepository,
  type Transcript,
  toMessage,
  toSession,
} from '@codebuddy/db-core/internal';
import { readSessionExport, toSessionExport } from '../transcripts/session-export.ts';
import { toMarkdown } from '../transcripts/session-markdown.ts';
import { forkOf, usageParameters } from './inputs.ts';
import { iterateMessages } from './iterate-messages.ts';
import { SessionSearch } from './queries.ts';
import { requireFound, toModelCost, toSessionStats } from './results.ts';
import { requireTranscript, SessionWriter } from './session-writer.ts';
import { prepareStatements, type SessionStatements } from './statements.ts';

/**
 * Stores conversations and their messages.
 *
 * @example
 * ```ts
 * const sessions = new SessionRepository(manager.getDatabase());
 * const { id } = sessions.createSession({ name: 'Refactoring', model: 'grok-3' });
 * sessions.addMessage({ session_id: id, role: 'user', content: 'Rename the helper' });
 * console.log(sessions.searchMessages('helper')[0]?.snippet);
 * ```
 */
export class SessionRepository implements SessionStore, SessionImportTarget {
  readonly #statements: SessionStatements;
  readonly #writer: SessionWriter;
  readonly #search: SessionSearch;
  readonly #transaction: RunTransaction;
  readonly #read: RunReads;
  readonly #now: () => string;
  readonly #generateId: () => string;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: RepositoryOptions = {}) {
    const { clock, generateId } = resolveRepositoryOptions(options, db);
    this.#now = () => clock.timestamp();
    this.#generateId = generateId;
    this.#statements = prepareStatements(db);
    this.#writer = new SessionWriter(db, this.#statements);
    this.#search = new SessionSearch(db);
    ({ transaction: this.#transaction, read: this.#read } = contextOf(db));
  }

  /**
   * Starts a session.
   *
   * @throws ConflictError when there is a session with the id
   * @throws NotFoundError when there is no session with the parent's id
   */
  createSession(session: NewSession = {}): Session {
    const parameters = this.#writer.sessionRow(session, this.#generateId(), this.#now());
    this.#writer.insertSession(parameters);
    return toSession({ ...parameters, message_count: 0, total_cost: 0 });
  }

  /** Returns a session. */
  getSessionById(id: string): Session | null {
    const row = this.#statements.readSession.get({ id });
    return row === undefined ? null : toSession(row);
  }

  /** Returns a session with all of its messages, oldest first. */
  getSessionWithMessages(id: string): (Session & { messages: Message[] }) | null {
    return this.#read('sessions.getSessionWithMessages', () => {
      const session = this.getSessionById(id);
      return session === null ? null : { ...session, messages: this.getMessages(id) };
    });
  }

  /** Returns the sessions that pass a filter: the last updated first, unless another order is asked for. */
  findSessions(filter: SessionFilter = {}): Session[] {
    return this.#search.find(filter, this.#now());
  }

  /** Returns the sessions updated last, archived ones left out. */
  getRecentSessions(limit = 10): Session[] {
    return this.#search.find({ isArchived: false, limit }, this.#now());
  }

  /** Adds to what a session has used, and returns whether it existed. */
  updateSessionStats(id: string, usage: SessionUsage): boolean {
    return this.#statements.addUsage.run({ ...usageParameters(usage), id, now: this.#now() }).changes > 0;
  }

  /** Archives a session or takes it back, and returns whether it existed. */
  setArchived(id: string, archived: boolean): boolean {
    return this.#statements.setArchived.run({ id, archived: archived ? 1 : 0 }).changes > 0;
  }

  /** Deletes a session with its messages, and returns whether it existed. Its forks stay, without a parent. */
  deleteSession(id: string): boolean {
    return this.#statements.deleteSession.run({ id }).changes > 0;
  }

  /**
   * Appends a message. With an `operation_id`, calling again after a failure that may or may not have stored it is
   * safe: the message is appended once, and returned both times.
   *
   * @throws NotFoundError when there is no such session
   * @throws ConflictError when the operation appended another message before
   */
  addMessage(message: NewMessage): Message {
    const parameters = this.#writer.messageRow(message, this.#now());
    if (parameters['operation_id'] === null) return this.#writer.appendMessage(parameters);
    // A refused message must not leave a gap in the ids.
    return this.#transaction('sessions.addMessage', (transaction) => this.#writer.appendOnce(transaction, parameters));
  }

  /** Appends messages as {@link addMessage} does, all or none. */
  addMessages(messages: readonly NewMessage[]): Message[] {
    return this.#transaction('sessions.addMessages', () =>
      requireArray(messages, 'messages').map((message) => this.addMessage(message)),
    );
  }

  /**
   * Puts a message in the place of another one of its session, whose id and `created_at` stay.
   *
   * @throws NotFoundError when the session has no such message
   * @throws ConflictError when another message has the `operation_id`
   */
  replaceMessage(id: number, message: NewMessage): Message {
    const now = this.#now();
    const parameters = this.#writer.messageRow(message, now);
    return this.#transaction('sessions.replaceMessage', (transaction) =>
      this.#writer.replaceMessage(transaction, requireInteger(id, 'id'), parameters, now),
    );
  }

  /** Returns the message that an operation appended, or `null`. */
  getMessageByOperation(sessionId: string, operationId: string): Message | null {
    const row = this.#statements.readOperation.get({ session_id: sessionId, operation_id: operationId });
    return row === undefined ? null : toMessage(row);
  }

  /** Runs synchronous calls on this connection in one transaction: all of them count, or none if one throws. */
  transaction<Result>(calls: () => Result): Result {
    return this.#transaction('sessions.transaction', calls);
  }

  /** Deletes the newest message of a session and returns it, or `null` if there is none. */
  popMessage(sessionId: string): Message | null {
    const row = this.#statements.popMessage.get({ sessionId });
    return row === undefined ? null : toMessage(row);
  }

  /** Returns the messages of a session, oldest first: all, or the first `limit`. */
  getMessages(sessionId: string, limit?: number | null): Message[] {
    const first = limit === undefined || limit === null ? -1 : requireInteger(limit, 'limit', { min: 0 });
    return this.#messagesAfter(sessionId, 0, first);
  }

  /** Returns the newest messages of a session, oldest first. */
  getRecentMessages(sessionId: string, limit = 50): Message[] {
    requireInteger(limit, 'limit', { min: 0 });
    return this.#statements.newestMessages.all({ sessionId, limit }).map(toMessage);
  }

  /** Iterates over the messages of a session, oldest first, some at a time: memory does not grow with the session. */
  iterateMessages(sessionId: string): Generator<Message, void, undefined> {
    return iterateMessages((after, limit) => this.#messagesAfter(sessionId, after, limit));
  }

  /** Deletes the messages of a session, all or from one on, and returns how many there were. */
  deleteMessages(sessionId: string, fromId = 0): number {
    return this.#statements.deleteMessages.run({ sessionId, fromId: requireInteger(fromId, 'fromId') }).changes;
  }

  /**
   * Finds messages by their words (BM25) in all sessions, the last word by its beginning. The text is never read as
   * query syntax; one without a word finds nothing, and of a long one the first 200 different words count. Archived sessions
   * are left out unless asked for. Default limit: 20.
   */
  searchMessages(text: string, options: MessageSearchOptions = {}): MessageMatch[] {
    return this.#search.matchMessages(text, options);
  }

  /**
   * Starts a session that shares its beginning with another one, up to a message. What was used stays with the parent.
   *
   * @throws NotFoundError when there is no such session, or the message is none of it
   */
  forkSession(sessionId: string, options: ForkOptions = {}): Session {
    const { fromMessageId, ...given } = readOptions(options, { fromMessageId: true, id: true, name: true });
    return this.#transaction('sessions.forkSession', (transaction) => {
      const parent = requireFound(this.getSessionById(sessionId), 'session');
      const fork = this.createSession(forkOf(parent, given));
      this.#writer.copyMessages(transaction, sessionId, fork.id, fromMessageId);
      return requireFound(this.getSessionById(fork.id), 'session');
    });
  }

  /**
   * Returns a session as JSON that {@link importSession} reads back without loss, the ids of its messages aside.
   *
   * @throws NotFoundError when there is no such session
   */
  exportSession(id: string): SessionExport {
    return toSessionExport(requireFound(this.readTranscript(id), 'session'));
  }

  /**
   * Returns a session as Markdown, for people.
   *
   * @throws NotFoundError when there is no such session
   */
  exportSessionMarkdown(id: string): string {
    return toMarkdown(requireFound(this.readTranscript(id), 'session'));
  }

  /**
   * Stores a session that {@link exportSession} wrote, in this database or another. A parent that is not here is kept
   * in its metadata, and linked when it arrives.
   *
   * @throws InvalidInputError when it is no such export
   * @throws ConflictError when there is a session with the id
   */
  importSession(exported: unknown): Session {
    const transcript = readSessionExport(exported);
    return this.#transaction('sessions.importSession', (transaction) => {
      this.#writer.insertTranscript(transaction, transcript);
      return requireFound(this.getSessionById(transcript.session.id), 'session');
    });
  }

  /** {@inheritDoc SessionImportTarget.importTranscripts} */
  importTranscripts(transcripts: readonly ImportedTranscript[]): SessionImportOutcome[] {
    const given = requireArray(transcripts, 'transcripts').map(requireTranscript);
    return this.#transaction('sessions.importTranscripts', (transaction) =>
      given.map((each) => this.#writer.importTranscript(transaction, each)),
    );
  }

  /** {@inheritDoc SessionImportTarget.readTranscript} */
  readTranscript(sessionId: string): Transcript | null {
    const session = this.getSessionById(sessionId);
    if (session === null) return null;
    return { session, messages: this.getMessages(sessionId).map(({ id: _, session_id: __, ...message }) => message) };
  }

  /** {@inheritDoc SessionImportTarget.redactTranscript} */
  redactTranscript(transcript: ImportedTranscript): ImportedTranscript {
    return this.#writer.redactTranscript(transcript);
  }

  /** Adds up all sessions, or those of one project. */
  getStats(projectId?: string | null): SessionStats {
    return toSessionStats(this.#statements.statistics.one({ projectId: projectId ?? null }));
  }

  /** Returns what the sessions of each model cost, the most expensive first. */
  getCostByModel(): ModelCost[] {
    return this.#statements.costByModel.all().map(toModelCost);
  }

  #messagesAfter(sessionId: string, after: number, limit: number): Message[] {
    return this.#statements.oldestMessages.all({ sessionId, after, limit }).map(toMessage);
  }
}

const shared = shareRepository((db) => new SessionRepository(db));

/** Returns the process's one repository, for the present connection of its `DatabaseManager`. */
export const getSessionRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetSessionRepository = shared.reset;
