import type { CostImportTarget, CostRecord, ImportedCost, ImportOutcome } from '@codebuddy/db-core/internal';
import { WouldBeStored } from './would-be-stored.ts';

/** Decides about costs as its target would, and stores nothing. */
export class DryRunCosts implements CostImportTarget {
  readonly #real: CostImportTarget;
  readonly #wouldBeStored = new WouldBeStored();

  constructor(real: CostImportTarget) {
    this.#real = real;
  }

  importCosts(records: readonly CostRecord[]): ImportOutcome[] {
    const keys = records.map(({ key }) => key);
    return this.#wouldBeStored.outcomes(keys, this.locateCosts(keys));
  }

  locateCosts(keys: readonly string[]): (ImportedCost | null)[] {
    return this.#real.locateCosts(keys);
  }
}
