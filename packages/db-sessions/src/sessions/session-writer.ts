import type { NewMessage } from '@codebuddy/db-core';
import {
  ConflictError,
  type Database,
  hasErrorCode,
  type Message,
  NotFoundError,
  type Session,
} from '@codebuddy/db-core';
import {
  normalizeTimestamp,
  prepareRedaction,
  type RunResult,
  requireArray,
  requireObject,
  type SqlParameters,
  type SqlValue,
  type Transaction,
  type Transcript,
  toMessage,
} from '@codebuddy/db-core/internal';
import { messageParameters, sessionRecordParameters } from './inputs.ts';
import type { SessionStatements } from './statements.ts';

/** Checks the parts of a transcript as far as they are taken apart here. */
export function requireTranscript(transcript: Transcript): Transcript {
  const { session, messages } = requireObject(transcript, 'transcript');
  requireObject(session, 'transcript.session');
  for (const message of requireArray(messages, 'transcript.messages')) requireObject(message, 'transcript.messages');
  return transcript;
}

/** Inserts rows, and says in the repository's terms what a refused one was about. */
export class SessionWriter {
  readonly #statements: SessionStatements;
  readonly #redact: ReturnType<typeof prepareRedaction>;

  constructor(db: Database, statements: SessionStatements) {
    this.#statements = statements;
    this.#redact = prepareRedaction(db, ['content', 'tool_calls', 'metadata']);
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
    return this.#redact(messageParameters(message, createdAt));
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
    const { session_id = null, operation_id = null } = parameters;
    const earlier = toMessage(this.#statements.readOperation.one({ session_id, operation_id }));
    if (earlier.role !== parameters['role'] || (earlier.content ?? null) !== parameters['content']) {
      throw new ConflictError(
        'This operation appended another message before. Give each message its own operation_id.',
      );
    }
    return earlier;
  }

  /** Inserts a whole session as it is. A parent that is not here is kept in the metadata. */
  insertTranscript(transaction: Transaction, transcript: Transcript): void {
    const parameters = sessionRecordParameters(this.#withKnownParent(transcript.session));
    this.insertSession(parameters);
    this.insertMessages(transaction, transcript);
    // The triggers moved it to the time of the newest message; the record's own time is the true one.
    this.#statements.setUpdated.run({ id: transcript.session.id, updated_at: parameters['updated_at'] ?? null });
  }

  /** Inserts the messages whose operation the session does not have, and returns how many those were. */
  insertMessages(_transaction: Transaction, { session, messages }: Transcript): number {
    let inserted = 0;
    for (const message of messages) {
      const createdAt = normalizeTimestamp(message.created_at, 'created_at');
      const parameters = this.messageRow({ ...message, session_id: session.id }, createdAt);
      inserted += this.insertMessage(parameters).changes;
    }
    return inserted;
  }

  #withKnownParent(session: Session): Session {
    const { parent_session_id: parent, ...rest } = session;
    if (parent === undefined || this.#exists(parent)) return session;
    return { ...rest, metadata: { ...session.metadata, missingParentSessionId: parent } };
  }

  #exists(id: string): boolean {
    return this.#statements.readSession.get({ id }) !== undefined;
  }
}
