import type { ImportOutcome } from '@codebuddy/db-core/internal';

/** Remembers what would be stored by now. */
export class WouldBeStored {
  readonly #seen = new Set<string>();

  outcome(identity: string, isStored: boolean): ImportOutcome {
    if (isStored || this.#seen.has(identity)) return 'exists';
    this.#seen.add(identity);
    return 'inserted';
  }
}
