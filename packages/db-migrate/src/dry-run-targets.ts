import {
  hashContent,
  type ImportOutcome,
  type Memory,
  type MemoryImportTarget,
  type SessionImportOutcome,
  type SessionImportTarget,
  type Transcript,
} from '@codebuddy/db-core';
import type { MigrationTargets } from './targets.ts';

/** Returns targets that decide as the given ones would, and store nothing. */
export function dryRunTargets({ memories, sessions }: MigrationTargets): MigrationTargets {
  return {
    memories: memories === undefined ? undefined : new DryRunMemories(memories),
    sessions: sessions === undefined ? undefined : new DryRunSessions(sessions),
  };
}

class DryRunMemories implements MemoryImportTarget {
  readonly #real: MemoryImportTarget;
  readonly #wouldBeStored = new Set<string>();

  constructor(real: MemoryImportTarget) {
    this.#real = real;
  }

  importMemories(records: readonly Memory[]): ImportOutcome[] {
    const located = this.#real.locateMemories(records);
    return records.map((record, index) => {
      const identity = identityOf(record);
      if ((located[index] ?? null) !== null || this.#wouldBeStored.has(identity)) return 'exists';
      this.#wouldBeStored.add(identity);
      return 'inserted';
    });
  }

  locateMemories(records: readonly Memory[]): (Memory | null)[] {
    return this.#real.locateMemories(records);
  }
}

class DryRunSessions implements SessionImportTarget {
  readonly #real: SessionImportTarget;
  /** The operations of the sessions that would be stored. */
  readonly #wouldBeStored = new Map<string, Set<string | undefined>>();

  constructor(real: SessionImportTarget) {
    this.#real = real;
  }

  importTranscript({ session, messages }: Transcript): SessionImportOutcome {
    const stored = this.#real.readTranscript(session.id);
    const exists = stored !== null || this.#wouldBeStored.has(session.id);
    const known =
      this.#wouldBeStored.get(session.id) ?? new Set(stored?.messages.map(({ operation_id }) => operation_id));
    const added = messages.filter(({ operation_id }) => operation_id === undefined || !known.has(operation_id));
    for (const { operation_id } of added) known.add(operation_id);
    this.#wouldBeStored.set(session.id, known);
    return { session: exists ? 'exists' : 'inserted', messagesInserted: added.length };
  }

  readTranscript(sessionId: string): Transcript | null {
    return this.#real.readTranscript(sessionId);
  }
}

/** As short as a hash, since there may be one for each of a million memories. */
function identityOf({ scope, project_id, content }: Memory): string {
  return hashContent(Buffer.from(JSON.stringify([scope, project_id ?? '', content])));
}
