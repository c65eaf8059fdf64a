import type { Memory } from '@codebuddy/db-core';
import { hashContent, type ImportOutcome, type MemoryImportTarget } from '@codebuddy/db-core/internal';
import { WouldBeStored } from './would-be-stored.ts';

/** Decides about memories as its target would, and stores nothing. */
export class DryRunMemories implements MemoryImportTarget {
  readonly #real: MemoryImportTarget;
  readonly #wouldBeStored = new WouldBeStored();

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

/** As short as a hash, since there may be one for each of a million memories. */
function identityOf({ scope, project_id, content }: Memory): string {
  return hashContent(Buffer.from(JSON.stringify([scope, project_id ?? '', content])));
}
