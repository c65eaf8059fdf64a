import type { NewMessage, NewSession } from '@codebuddy/db-core';
import {
  ConflictError,
  type Database,
  hasErrorCode,
  InvalidInputError,
  type Message,
  NotFoundError,
  type Redact,
  type Session,
} from '@codebuddy/db-core';
import {
  type ImportedTranscript,
  normalizeTimestamp,
  type Row,
  type RunResult,
  read,
  readRecord,
  redactionOf,
  redactTranscript,
  requireArray,
  requireInteger,
  requireObject,
  type SessionImportOutcome,
  type SqlParameters,
  type SqlValue,
  type Transaction,
  toMessage,
} from '@codebuddy/db-core/internal';
import { messageParameters, newSessionParameters, sessionRecordParameters } from './inputs.ts';
import { IMPORTED_COLUMNS, isSameMessage, SAID_COLUMNS } from './same-message.ts';
import type { SessionStatements } from './statements.ts';

/** Checks the parts of a transcript as far as they are taken apart here. */
export function requireTranscript(transcript: ImportedTranscript): ImportedTranscript {
  const { session, messages } = readRecord(transcript, { session: true, messages: true }, {}, 'transcript');
  requireObject(session, 'transcript.session');
  for (const message of requireArray(messages, 'transcript.messages')) requireObject(message, 'transcript.messages');
  return transcript;
}

/** Inserts rows, and says in the repository's terms what a refused one was about. */
export class SessionWriter {
  readonly #statements: SessionStatements;
  readonly #redact: Redact | undefined;

  constructor(db: Database, statements: SessionStatements) {
    this.#statements = statements;
    this.#redact = redactionOf(db);
  }

  /** Checks a session and returns the values of its columns, without what must not be stored. */
  sessionRow(session: NewSession, id: string, now: string): Record<string, SqlValue> {
    return newSessionParameters(session, id, now, this.#redact);
  }

  /** Returns a transcript as it is stored. */
  redactTranscript(transcript: ImportedTranscript): ImportedTranscript {
    return this.#redact === undefined ? transcript : redactTranscript(transcript, this.#redact);
  }

  /**
   * @throws ConflictError when there is a session with the id
   * @throws NotFoundError when there is no session with the parent's id
   */
  insertSession(parameters: SqlParameters): void {
    try {
      this.#statements.insertSession.run(parameters);
    } catch (error) {
      if (!hasErrorCode(error, 'DB_CONSTRAINT')) throw error;
      const { id, parent_session_id: parent } = parameters;
      if (this.#exists(String(id))) {
        throw new ConflictError('There is a session with this id already. Give another id, or none.', {
          cause: error,
        });
      }
      if (typeof parent === 'string' && !this.#exists(parent)) throw new NotFoundError('session');
      throw error;
    }
  }

  /** Checks a message and returns the values of its columns, without what must not be stored. */
  messageRow(message: NewMessage | Omit<Message, 'id'>, createdAt: string): Record<string, SqlValue> {
    return messageParameters(message, createdAt, this.#redact);
  }

  /** @throws NotFoundError when there is no such session */
  insertMessage(parameters: SqlParameters): RunResult {
    try {
      return this.#statements.insertMessage.run(parameters);
    } catch (error) {
      if (hasErrorCode(error, 'DB_CONSTRAINT') && !this.#exists(String(parameters['session_id'])))
        throw new NotFoundError('session');
      throw error;
    }
  }

  /** @throws NotFoundError when there is no such session */
  appendMessage(parameters: SqlParameters): Message {
    return toMessage({ ...parameters, id: Number(this.insertMessage(parameters).lastInsertRowid) });
  }

  /**
   * Appends the message of an operation, or returns the one it appended before.
   *
   * @throws NotFoundError when there is no such session
   * @throws ConflictError when the operation appended another message before
   */
  appendOnce(_transaction: Transaction, parameters: SqlParameters): Message {
    const { changes, lastInsertRowid } = this.insertMessage(parameters);
    if (changes > 0) return toMessage({ ...parameters, id: Number(lastInsertRowid) });
    const earlier = this.#readOperation(parameters);
    if (earlier === undefined || !isSameMessage(earlier, parameters, SAID_COLUMNS)) {
      throw new ConflictError(
        'This operation appended another message before. Give each message its own operation_id.',
      );
    }
    return toMessage(earlier);
  }

  /**
   * Replaces what a message says.
   *
   * @throws NotFoundError when the session has no such message
   * @throws ConflictError when another message has the operation's name
   */
  replaceMessage(_transaction: Transaction, id: number, parameters: SqlParameters, now: string): Message {
    const { created_at: _, ...said } = parameters;
    const other = said['operation_id'] === null ? undefined : this.#readOperation(said);
    if (other !== undefined && read.number(other, 'id') !== id)
      throw new ConflictError('Another message of this session has this operation_id. Give each message its own.');
    const row = this.#statements.replaceMessage.get({ ...said, id });
    if (row === undefined) throw new NotFoundError('message');
    this.#statements.touch.run({ id: read.text(row, 'session_id'), now });
    return toMessage(row);
  }

  /**
   * Inserts a whole session as it is. A parent that is not here is kept in the metadata until it arrives.
   *
   * @throws ConflictError when there is a session with the id
   * @throws InvalidInputError when two of its messages have the same operation
   */
  insertTranscript(transaction: Transaction, { session, messages }: ImportedTranscript): void {
    const parameters = sessionRecordParameters(this.#withKnownParent(session), this.#redact);
    this.insertSession(parameters);
    const { messagesInserted } = this.#insertMessages(transaction, parameters, messages);
    if (messagesInserted < messages.length)
      throw new InvalidInputError('messages', 'expected each message to have an operation_id of its own');
    this.#statements.setUpdated.run({ id: parameters['id'] ?? null, updated_at: parameters['updated_at'] ?? null });
  }

  /**
   * Copies the messages of a session to another one.
   *
   * @param lastId - the last that is copied. Default: the newest
   * @throws NotFoundError when that is no message of the session
   */
  copyMessages(_transaction: Transaction, from: string, to: string, lastId: number | undefined): void {
    const last = requireInteger(lastId ?? Number.MAX_SAFE_INTEGER, 'fromMessageId');
    if (lastId !== undefined && this.#statements.hasMessage.get({ sessionId: from, id: lastId }) === undefined)
      throw new NotFoundError('message of this session');
    this.#statements.copyMessages.run({ from, to, last });
  }

  /** Inserts a session, or the messages that it has gained, and compares the others with what is stored. */
  importTranscript(transaction: Transaction, { session, messages }: ImportedTranscript): SessionImportOutcome {
    const parameters = sessionRecordParameters(this.#withKnownParent(session), this.#redact);
    const { id = null, updated_at: updated = null } = parameters;
    const earlier = this.#statements.readSession.get({ id });
    if (earlier === undefined) this.insertSession(parameters);
    const outcome = this.#insertMessages(transaction, earlier ?? parameters, messages);
    // The triggers moved it to the time of the newest message; the record's own time is the true one.
    const isNewer = earlier === undefined || read.text(earlier, 'updated_at') < String(updated);
    this.#statements.setUpdated.run({ id, updated_at: isNewer ? updated : read.text(earlier, 'updated_at') });
    return { session: earlier === undefined ? 'inserted' : 'exists', ...outcome };
  }

  #insertMessages(
    _transaction: Transaction,
    session: Row | SqlParameters,
    messages: ImportedTranscript['messages'],
  ): Omit<SessionImportOutcome, 'session'> {
    const { id, created_at } = session;
    const sessionCreated = String(created_at);
    const conflicts: number[] = [];
    let messagesInserted = 0;
    for (const [index, message] of messages.entries()) {
      const { created_at: said } = message;
      const createdAt = said === undefined ? sessionCreated : normalizeTimestamp(said, 'created_at');
      const parameters = this.messageRow({ ...message, session_id: String(id), created_at: createdAt }, createdAt);
      if (conflicts.length === 0 && this.insertMessage(parameters).changes > 0) {
        messagesInserted++;
        continue;
      }
      const stored = this.#readOperation(parameters);
      // What follows a message of another conversation is not appended: it would be taken for a part of this one.
      if (stored === undefined || !isSameMessage(stored, parameters, IMPORTED_COLUMNS)) conflicts.push(index);
    }
    return { messagesInserted, conflicts };
  }

  #readOperation({ session_id = null, operation_id = null }: SqlParameters): Row | undefined {
    return this.#statements.readOperation.get({ session_id, operation_id });
  }

  #withKnownParent(session: Session): Session {
    const { parent_session_id: parent, ...rest } = session;
    if (parent === undefined || this.#exists(parent)) return session;
    // A trigger sets the link when the parent arrives.
    return { ...rest, metadata: { ...session.metadata, missingParentSessionId: parent } };
  }

  #exists(id: string): boolean {
    return this.#statements.readSession.get({ id }) !== undefined;
  }
}
