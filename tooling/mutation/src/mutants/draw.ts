import { KINDS, type Kind } from '../mutators/change.ts';
import { digest, type Mutant } from './mutant.ts';

/**
 * Hands out mutants in an order that a seed decides, as many of each kind as of any other while there are some left. A
 * mutant has its place in the order by itself, so that changes to other code leave the draw nearly as it was.
 */
export class Draw {
  readonly #kinds: { readonly kind: Kind; readonly queue: Mutant[]; taken: number }[];

  constructor(mutants: readonly Mutant[], seed: string) {
    const inOrder = mutants
      .map((mutant) => ({ mutant, rank: digest(`${seed}\0${mutant.id}`) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .map(({ mutant }) => mutant);
    this.#kinds = KINDS.map((kind) => ({ kind, queue: inOrder.filter((mutant) => mutant.kind === kind), taken: 0 }));
  }

  /** Returns the next mutant, or `undefined` when all are handed out. */
  next(): Mutant | undefined {
    const fewest = this.#kinds.filter(({ queue }) => queue.length > 0).sort((a, b) => a.taken - b.taken)[0];
    if (fewest === undefined) return undefined;
    fewest.taken++;
    return fewest.queue.shift();
  }

  /** Takes back that a mutant was handed out, since it turned out to be none: its kind is due one more. */
  discard({ kind }: Mutant): void {
    const drawn = this.#kinds.find((one) => one.kind === kind);
    if (drawn !== undefined) drawn.taken--;
  }
}
