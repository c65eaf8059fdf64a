import { Draw } from './draw.ts';
import { type Equivalent, Equivalents } from './equivalents.ts';
import { findMutants } from './find-mutants.ts';
import type { Mutant } from './mutant.ts';
import { type NamedMutant, placeNamedMutants } from './named-mutants.ts';

/** What decides which mutants of a package are tried. */
export interface PlanOptions {
  readonly seed: string;
  /** How many to draw, besides the named ones. */
  readonly sample: number;
  /** Only those in files whose path contains this text. */
  readonly file: string;
  readonly named: readonly NamedMutant[];
  readonly equivalents: readonly Equivalent[];
}

/** The mutants of one package that are to be tried: the named ones, then as many as were asked for in drawn order. */
export class Plan {
  readonly name: string;
  /** Named mutants whose place is gone, or that do not compile. */
  readonly lost: NamedMutant[];
  /** Listed equivalents that match no mutant any more. */
  readonly outdated: readonly Equivalent[];
  readonly #named: Mutant[];
  readonly #listed: readonly NamedMutant[];
  readonly #equivalents: Equivalents;
  readonly #draw: Draw;
  #due: number;

  constructor(root: string, name: string, { seed, sample, file, named, equivalents }: PlanOptions) {
    const isAskedFor = (mutant: { readonly file: string }) => mutant.file.includes(file);
    const { placed, lost } = placeNamedMutants(root, name, named);
    const namedIds = new Set(placed.map(({ id }) => id));
    const found = findMutants(root, name);
    this.name = name;
    this.lost = lost.filter(isAskedFor);
    this.#named = placed.filter(isAskedFor);
    this.#listed = named;
    this.#equivalents = new Equivalents(equivalents);
    this.outdated = this.#equivalents.outdated(name, [...found, ...placed]).filter(isAskedFor);
    this.#draw = new Draw(
      found.filter((mutant) => isAskedFor(mutant) && !namedIds.has(mutant.id)),
      seed,
    );
    this.#due = sample;
  }

  /** Returns the next mutant to try, or `undefined` when enough have been handed out. */
  next(): Mutant | undefined {
    const named = this.#named.shift();
    if (named !== undefined || this.#due === 0) return named;
    this.#due--;
    return this.#draw.next();
  }

  /** Takes back a mutant that does not compile: another is drawn in its place. */
  discard(mutant: Mutant): void {
    if (mutant.kind === 'named') {
      this.lost.push(...this.#listed.filter(({ file, why }) => file === mutant.file && why === mutant.what));
      return;
    }
    this.#draw.discard(mutant);
    this.#due++;
  }

  /** Returns whether a mutant is listed as changing nothing. */
  isEquivalent(mutant: Mutant): boolean {
    return this.#equivalents.has(mutant);
  }
}
