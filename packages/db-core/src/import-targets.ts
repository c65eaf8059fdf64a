import type { Memory } from './records/memory.ts';
import type { Message, Session } from './records/session.ts';

/** What an import did with a record: stored it, or found it there. */
export type ImportOutcome = 'inserted' | 'exists';

/** A session with its messages, oldest first. */
export interface Transcript {
  readonly session: Session;
  readonly messages: readonly Omit<Message, 'id' | 'session_id'>[];
}

/** Where an import of memories goes: `MemoryRepository` is one. */
export interface MemoryImportTarget {
  /**
   * Stores records as they are, times and counters included, in one transaction. One that says the same in the same
   * scope as a stored one is left out; one whose id another memory has gets an id made from its content.
   */
  importMemories(records: readonly Memory[]): ImportOutcome[];
  /** Finds the stored memory that says the same in the same scope, for each record. Nothing is changed. */
  locateMemories(records: readonly Memory[]): (Memory | null)[];
}

/** What an import did with a session. */
export interface SessionImportOutcome {
  readonly session: ImportOutcome;
  readonly messagesInserted: number;
}

/** Where an import of sessions goes: `SessionRepository` is one. */
export interface SessionImportTarget {
  /**
   * Stores a session as it is, times and counters included, in one transaction. Of a session that is there already
   * only the messages are added whose `operation_id` it does not have.
   */
  importTranscript(transcript: Transcript): SessionImportOutcome;
  /** Returns the stored session with its messages, or `null`. Nothing is changed. */
  readTranscript(sessionId: string): Transcript | null;
}
