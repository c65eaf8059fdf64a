import type { Memory } from '@codebuddy/db-core';
import type { ImportOutcome, MemoryImportTarget } from '@codebuddy/db-core/internal';
import { identityOf } from '../entries/memory-identity.ts';
import { WouldBeStored } from './would-be-stored.ts';

/** Decides about memories as its target would, and stores nothing. */
export class DryRunMemories implements MemoryImportTarget {
  readonly #real: MemoryImportTarget;
  readonly #wouldBeStored = new WouldBeStored();

  constructor(real: MemoryImportTarget) {
    this.#real = real;
  }

  importMemories(records: readonly Memory[]): ImportOutcome[] {
    const identities = records.map((record) => identityOf(this.#real.redactMemory?.(record) ?? record));
    return this.#wouldBeStored.outcomes(identities, this.locateMemories(records));
  }

  mergeMemories(): void {
    // Nothing is stored, and so nothing merged.
  }

  locateMemories(records: readonly Memory[]): (Memory | null)[] {
    return this.#real.locateMemories(records);
  }
}
