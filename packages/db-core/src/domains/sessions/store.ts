import type { JsonValue } from '../../codecs/json.ts';
import type { ProjectChoice } from '../../known-names/no-project.ts';
import type { Page } from '../../sql/filter.ts';
import type { ImportedTranscript, SessionImportOutcome, Transcript } from '../imports/import-targets.ts';
import type { Message, MessageRole, Session } from './record.ts';

/** A session to start. */
export interface NewSession {
  /** Default: a new random id. */
  readonly id?: string | null | undefined;
  readonly project_id?: string | null | undefined;
  readonly project_path?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly parent_session_id?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A message to append. */
export interface NewMessage {
  readonly session_id: string;
  readonly role: MessageRole;
  readonly content?: string | null | undefined;
  /** As the model's API gave them. */
  readonly tool_calls?: JsonValue | readonly unknown[] | null | undefined;
  readonly tool_call_id?: string | null | undefined;
  /** Default: 0. */
  readonly tokens?: number | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** A name for this call, unique in its session: made again with the same name, it appends nothing. */
  readonly operation_id?: string | null | undefined;
}

/** The use of a session since it was last recorded. Absent parts add nothing. */
export interface SessionUsage {
  readonly tokensIn?: number | null | undefined;
  readonly tokensOut?: number | null | undefined;
  /** In US dollars. */
  readonly cost?: number | null | undefined;
  readonly toolCalls?: number | null | undefined;
}

/** The sessions that a list holds, and their order. */
export interface SessionFilter extends Page {
  readonly projectId?: ProjectChoice | null | undefined;
  readonly isArchived?: boolean | null | undefined;
  readonly model?: string | null | undefined;
  /** Default: `updated_at`. */
  readonly orderBy?: 'updated_at' | 'created_at' | 'total_cost' | null | undefined;
  /** Default: `desc`. */
  readonly order?: 'asc' | 'desc' | 'ASC' | 'DESC' | null | undefined;
}

/** The messages that a full-text search looks at. */
export interface MessageSearchOptions extends Page {
  readonly projectId?: ProjectChoice | null | undefined;
  readonly sessionId?: string | null | undefined;
  /** Whether messages of archived sessions are looked at too. Default: false. */
  readonly includeArchived?: boolean | null | undefined;
  readonly role?: MessageRole | readonly MessageRole[] | null | undefined;
  /** The earliest instant, ISO 8601. */
  readonly since?: string | null | undefined;
  /** The latest instant, ISO 8601. */
  readonly until?: string | null | undefined;
  /** The tags before and after each word found. Default: `**` and `**`. */
  readonly highlight?: readonly [open: string, close: string] | null | undefined;
  /** Whether every word must occur, or any. Default: `all`. */
  readonly match?: 'all' | 'any' | null | undefined;
}

/** A message found by its words, with the session it belongs to. */
export interface MessageMatch {
  readonly message: Message;
  readonly session: Session;
  /** Negated BM25: higher is better. */
  readonly score: number;
  /** The part of the content around the words found. */
  readonly snippet: string;
}

/** The sums over all sessions, or those of one project. */
export interface SessionStats {
  readonly totalSessions: number;
  readonly activeSessions: number;
  readonly archivedSessions: number;
  readonly totalMessages: number;
  /** In US dollars. */
  readonly totalCost: number;
  readonly totalTokensIn: number;
  readonly totalTokensOut: number;
}

/** The cost of the sessions of one model. */
export interface ModelCost {
  /** `unknown` for sessions that name none. */
  readonly model: string;
  /** In US dollars. */
  readonly cost: number;
  readonly sessions: number;
}

/** The options of a fork. */
export interface ForkOptions {
  /** The last message that the fork shares with its parent. Default: the newest. */
  readonly fromMessageId?: number | null | undefined;
  /** Default: a new random id. */
  readonly id?: string | null | undefined;
  /** Default: the parent's. */
  readonly name?: string | null | undefined;
}

/** A session as portable JSON. */
export interface SessionExport {
  readonly format: 'codebuddy-session';
  readonly version: 1;
  readonly session: Session;
  readonly messages: Transcript['messages'];
}

/** Stores conversations and their messages. `SessionRepository` of `@codebuddy/db-sessions` is one. */
export interface SessionStore {
  createSession(session?: NewSession): Session;
  getSessionById(id: string): Session | null;
  getSessionWithMessages(id: string): (Session & { messages: Message[] }) | null;
  findSessions(filter?: SessionFilter): Session[];
  getRecentSessions(limit?: number): Session[];
  updateSessionStats(id: string, usage: SessionUsage): boolean;
  setArchived(id: string, archived: boolean): boolean;
  deleteSession(id: string): boolean;
  addMessage(message: NewMessage): Message;
  addMessages(messages: readonly NewMessage[]): Message[];
  popMessage(sessionId: string): Message | null;
  getMessages(sessionId: string, limit?: number | null): Message[];
  getRecentMessages(sessionId: string, limit?: number): Message[];
  iterateMessages(sessionId: string): IterableIterator<Message>;
  deleteMessages(sessionId: string, fromId?: number): number;
  searchMessages(text: string, options?: MessageSearchOptions): MessageMatch[];
  forkSession(sessionId: string, options?: ForkOptions): Session;
  exportSession(id: string): SessionExport;
  exportSessionMarkdown(id: string): string;
  importSession(exported: unknown): Session;
  importTranscripts(transcripts: readonly ImportedTranscript[]): SessionImportOutcome[];
  readTranscript(sessionId: string): Transcript | null;
  getStats(projectId?: string | null): SessionStats;
  getCostByModel(): ModelCost[];
}
