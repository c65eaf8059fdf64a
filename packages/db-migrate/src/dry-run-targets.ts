import type { Memory } from '@codebuddy/db-core';
import {
  type CacheImportTarget,
  type CacheRecord,
  type CostImportTarget,
  type CostRecord,
  hashContent,
  type ImportedMessage,
  type ImportedTranscript,
  type ImportOutcome,
  isPlainObject,
  type MemoryImportTarget,
  type SessionImportOutcome,
  type SessionImportTarget,
  type Transcript,
} from '@codebuddy/db-core/internal';
import type { MigrationTargets } from './targets.ts';

/** Returns targets that decide as the given ones would, and store nothing. */
export function dryRunTargets({ memories, sessions, cache, analytics }: MigrationTargets): MigrationTargets {
  return {
    memories: memories && new DryRunMemories(memories),
    sessions: sessions && new DryRunSessions(sessions),
    cache: cache && new DryRunCache(cache),
    analytics: analytics && new DryRunCosts(analytics),
  };
}

class DryRunMemories implements MemoryImportTarget {
  readonly #real: MemoryImportTarget;
  readonly #wouldBeStored = new FirstTimes();

  constructor(real: MemoryImportTarget) {
    this.#real = real;
  }

  importMemories(records: readonly Memory[]): ImportOutcome[] {
    const located = this.#real.locateMemories(records);
    return records.map((record, index) =>
      this.#wouldBeStored.outcome(
        identityOf(this.#real.redactMemory?.(record) ?? record),
        (located[index] ?? null) !== null,
      ),
    );
  }

  locateMemories(records: readonly Memory[]): (Memory | null)[] {
    return this.#real.locateMemories(records);
  }
}

/** A session that is stored, or would be by now. */
interface KnownSession {
  readonly created: string;
  /** A digest of the message of each operation. */
  readonly operations: Map<string, string>;
}

class DryRunSessions implements SessionImportTarget {
  readonly #real: SessionImportTarget;
  readonly #known = new Map<string, KnownSession>();

  constructor(real: SessionImportTarget) {
    this.#real = real;
  }

  importTranscript(transcript: ImportedTranscript): SessionImportOutcome {
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
      if (stored === undefined) messagesInserted++;
      else if (stored !== digest) conflicts.push(index);
      if (operation !== undefined && stored === undefined) known.operations.set(operation, digest);
    }
    return { session: earlier === undefined ? 'inserted' : 'exists', messagesInserted, conflicts };
  }

  readTranscript(sessionId: string): Transcript | null {
    return this.#real.readTranscript(sessionId);
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

class DryRunCache implements CacheImportTarget {
  readonly #real: CacheImportTarget;
  readonly #wouldBeStored = new FirstTimes();

  constructor(real: CacheImportTarget) {
    this.#real = real;
  }

  importEntries(records: readonly CacheRecord[]): ImportOutcome[] {
    const keys = records.map(({ key }) => key);
    const stored = this.locateEntries(keys);
    return keys.map((key, index) => this.#wouldBeStored.outcome(key, stored[index] === true));
  }

  locateEntries(keys: readonly string[]): boolean[] {
    return this.#real.locateEntries(keys);
  }
}

class DryRunCosts implements CostImportTarget {
  readonly #real: CostImportTarget;
  readonly #wouldBeStored = new FirstTimes();

  constructor(real: CostImportTarget) {
    this.#real = real;
  }

  importCosts(records: readonly CostRecord[]): ImportOutcome[] {
    const keys = records.map(({ key }) => key);
    const stored = this.locateCosts(keys);
    return keys.map((key, index) => this.#wouldBeStored.outcome(key, (stored[index] ?? null) !== null));
  }

  locateCosts(keys: readonly string[]): (number | null)[] {
    return this.#real.locateCosts(keys);
  }
}

/** Remembers what would be stored by now. */
class FirstTimes {
  readonly #seen = new Set<string>();

  outcome(identity: string, isStored: boolean): ImportOutcome {
    if (isStored || this.#seen.has(identity)) return 'exists';
    this.#seen.add(identity);
    return 'inserted';
  }
}

/** As short as a hash, since there may be one for each of a million memories. */
function identityOf({ scope, project_id, content }: Memory): string {
  return hashContent(Buffer.from(JSON.stringify([scope, project_id ?? '', content])));
}
