import type { JsonValue } from '../../codecs/json.ts';
import type { Memory } from '../memories/record.ts';
import type { Message, Session } from '../sessions/record.ts';

/** The outcome of importing a record: it was stored, or it was there already. */
export type ImportOutcome = 'inserted' | 'exists';

/** A session with its messages, oldest first. */
export interface Transcript {
  readonly session: Session;
  readonly messages: readonly Omit<Message, 'id' | 'session_id'>[];
}

/** A session to import, or a part of it. A message without a time is as old as its session. */
export interface ImportedTranscript {
  readonly session: Session;
  readonly messages: readonly ImportedMessage[];
}

/** A message to import. */
export type ImportedMessage = Omit<Transcript['messages'][number], 'created_at'> & { readonly created_at?: string };

/** A target for importing memories, such as `MemoryRepository`. */
export interface MemoryImportTarget {
  /**
   * Stores records as they are, times and counters included, in one transaction. One that says the same in the same
   * scope as a stored one is left out; one whose id another memory has gets an id made from its content.
   */
  importMemories(records: readonly Memory[]): ImportOutcome[];
  /** Finds the stored memory that says the same in the same scope, for each record. Nothing is changed. */
  locateMemories(records: readonly Memory[]): (Memory | null)[];
  /**
   * Brings each record together with the stored memory that says the same, as copies of one memory: the higher importance and
   * the longer life win, accesses add up, and what only one of them has is kept. All or none are changed.
   */
  mergeMemories(records: readonly Memory[]): void;
  /** Returns a record as it is stored, without what must not be. Absent if records are stored as they are. */
  redactMemory?(memory: Memory): Memory;
}

/** A legacy entry of costs: of a day, or of a session. */
export interface CostRecord {
  /** Names the entry, so that it counts once however often it is imported. */
  readonly key: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly model?: string | undefined;
  /** In US dollars. */
  readonly cost: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly sessions: number;
}

/** The part of a legacy entry of costs that was imported. */
export type ImportedCost = Pick<CostRecord, 'cost' | 'tokensIn' | 'tokensOut'>;

/** A target for importing costs, such as `AnalyticsRepository`. */
export interface CostImportTarget {
  /** Adds each record to its day, in one transaction. Of one that has grown since it was imported, the rest is added. */
  importCosts(records: readonly CostRecord[]): ImportOutcome[];
  /** Returns for each key what was imported under it, or `null`. Nothing is changed. */
  locateCosts(keys: readonly string[]): (ImportedCost | null)[];
}

/** A legacy entry of the cache. */
export interface CacheRecord {
  readonly key: string;
  readonly value: JsonValue;
  readonly embedding?: Float32Array | undefined;
  readonly created_at: string;
  readonly expires_at?: string | undefined;
  readonly hits: number;
  readonly category: string;
}

/** A target for importing cache entries, such as `CacheRepository`. */
export interface CacheImportTarget {
  /** Stores records as they are, times and counters included, in one transaction. A key that is there is left alone. */
  importEntries(records: readonly CacheRecord[]): ImportOutcome[];
  /** Returns for each key the stored entry, expired or not, or `null`. Nothing is changed. */
  locateEntries(keys: readonly string[]): (CacheRecord | null)[];
  /** Returns a record as it is stored, without what must not be. Absent if records are stored as they are. */
  redactEntry?(record: CacheRecord): CacheRecord;
}

/** The outcome of importing a session. */
export interface SessionImportOutcome {
  readonly session: ImportOutcome;
  readonly messagesInserted: number;
  /**
   * The indexes of messages that are not stored, since their operation, or that of a message before them, has stored another
   * message. That one was left as it is.
   */
  readonly conflicts: readonly number[];
}

/** A target for importing sessions, such as `SessionRepository`. */
export interface SessionImportTarget {
  /**
   * Stores sessions as they are, times and counters included, in one transaction. In a session that is there already, messages
   * whose `operation_id` is known are compared with what is stored, and the others are appended, up to one that differs.
   */
  importTranscripts(transcripts: readonly ImportedTranscript[]): SessionImportOutcome[];
  /** Returns the stored session with its messages, or `null`. Nothing is changed. */
  readTranscript(sessionId: string): Transcript | null;
  /** Returns a session as it is stored, without what must not be. Absent if sessions are stored as they are. */
  redactTranscript?(transcript: ImportedTranscript): ImportedTranscript;
}
