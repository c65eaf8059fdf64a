import type { Mutant } from './mutant.ts';

/** A mutant that changes nothing that anyone could see, and the reason. */
export interface Equivalent {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** The lines as they are, and as the mutant makes them; as reports show them. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** Recognises the mutants that are listed as changing nothing. */
export class Equivalents {
  readonly #listed: ReadonlyMap<string, Equivalent>;

  constructor(listed: readonly Equivalent[]) {
    this.#listed = new Map(listed.map((equivalent) => [keyOf(equivalent), equivalent]));
  }

  /** Returns whether a mutant is listed. */
  has(mutant: Mutant): boolean {
    return this.#listed.has(keyOf(mutant));
  }

  /** Returns those listed that none of all mutants of their package matches: the code has changed since. */
  outdated(name: string, mutants: readonly Mutant[]): Equivalent[] {
    const keys = new Set(mutants.map(keyOf));
    return [...this.#listed]
      .filter(([key, { file }]) => file.startsWith(`packages/${name}/`) && !keys.has(key))
      .map(([, equivalent]) => equivalent);
  }
}

function keyOf({ file, before, after }: Pick<Equivalent, 'file' | 'before' | 'after'>): string {
  return JSON.stringify([file, before, after]);
}
