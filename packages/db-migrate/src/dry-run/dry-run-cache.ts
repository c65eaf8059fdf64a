import type { CacheImportTarget, CacheRecord, ImportOutcome } from '@codebuddy/db-core/internal';
import { WouldBeStored } from './would-be-stored.ts';

/** Decides about cache entries as its target would, and stores nothing. */
export class DryRunCache implements CacheImportTarget {
  readonly #real: CacheImportTarget;
  readonly #wouldBeStored = new WouldBeStored();

  constructor(real: CacheImportTarget) {
    this.#real = real;
  }

  importEntries(records: readonly CacheRecord[]): ImportOutcome[] {
    const keys = records.map(({ key }) => key);
    return this.#wouldBeStored.outcomes(keys, this.locateEntries(keys));
  }

  locateEntries(keys: readonly string[]): (CacheRecord | null)[] {
    return this.#real.locateEntries(keys);
  }
}
