import type { ImportOutcome } from '@codebuddy/db-core/internal';

/** Remembers what would be stored by now. */
export class WouldBeStored {
  readonly #seen = new Set<string>();

  /**
   * Returns what would become of records, and remembers them.
   *
   * @param identities - what makes two records the same one
   * @param stored - what is stored of each; null for nothing
   */
  outcomes(identities: readonly string[], stored: readonly (object | null)[]): ImportOutcome[] {
    return identities.map((identity, index) => {
      if ((stored[index] ?? null) !== null || this.#seen.has(identity)) return 'exists';
      this.#seen.add(identity);
      return 'inserted';
    });
  }
}
