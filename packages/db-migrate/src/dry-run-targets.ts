import type { Memory } from '@codebuddy/db-core';
import {
  type CacheImportTarget,
  type CacheRecord,
  type CostImportTarget,
  type CostRecord,
  hashContent,
  type ImportOutcome,
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
      this.#wouldBeStored.outcome(identityOf(record), (located[index] ?? null) !== null),
    );
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
