import {
  hashContent,
  type ImportedMessage,
  type ImportedTranscript,
  isPlainObject,
  type SessionImportOutcome,
  type SessionImportTarget,
  type Transcript,
} from '@codebuddy/db-core/internal';

/** A session that is stored, or would be by now. */
interface KnownSession {
  readonly created: string;
  /** A digest of the message of each operation. */
  readonly operations: Map<string, string>;
}

/** Decides about sessions as its target would, and stores nothing. */
export class DryRunSessions implements SessionImportTarget {
  readonly #real: SessionImportTarget;
  readonly #known = new Map<string, KnownSession>();

  constructor(real: SessionImportTarget) {
    this.#real = real;
  }

  importTranscripts(transcripts: readonly ImportedTranscript[]): SessionImportOutcome[] {
    return transcripts.map((transcript) => this.#decide(transcript));
  }

  readTranscript(sessionId: string): Transcript | null {
    return this.#real.readTranscript(sessionId);
  }

  #decide(transcript: ImportedTranscript): SessionImportOutcome {
    const { session, messages } = this.#real.redactTranscript?.(transcript) ?? transcript;
    const earlier = this.#known.get(session.id) ?? this.#readStored(session.id);
    const known = earlier ?? { created: session.created_at, operations: new Map<string, string>() };
    this.#known.set(session.id, known);
    const conflicts: number[] = [];
    let messagesInserted = 0;
    for (const [index, message] of messages.entries()) {
      const { operation_id: operation } = message;
      const digest = digestOf(message, known.created);
      const stored = operation === undefined ? undefined : known.operations.get(operation);
      if (stored === undefined && conflicts.length === 0) {
        if (operation !== undefined) known.operations.set(operation, digest);
        messagesInserted++;
      } else if (stored !== digest) conflicts.push(index);
    }
    return { session: earlier === undefined ? 'inserted' : 'exists', messagesInserted, conflicts };
  }

  #readStored(sessionId: string): KnownSession | undefined {
    const stored = this.#real.readTranscript(sessionId);
    if (stored === null) return undefined;
    const created = stored.session.created_at;
    const operations = new Map<string, string>();
    for (const message of stored.messages)
      if (message.operation_id !== undefined) operations.set(message.operation_id, digestOf(message, created));
    return { created, operations };
  }
}

/** A digest of all that an import compares; the order of the properties in its JSON does not count. */
function digestOf(message: ImportedMessage, sessionCreated: string): string {
  const { role, content, tool_calls, tool_call_id, tokens, metadata, created_at = sessionCreated } = message;
  const said = [role, content, tool_calls, tool_call_id, tokens, metadata, created_at];
  return hashContent(Buffer.from(JSON.stringify(said, withSortedKeys))).slice(0, 32);
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
