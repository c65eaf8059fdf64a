import { FACTORS } from './block-format.ts';
import type { Bounded } from './code-bounds.ts';
import type { InMemoryIndex } from './in-memory-index.ts';

/** Of so few rows, all are read sooner than copies are found among them. */
const MIN_ROWS = 1_000;

/**
 * Keeps k of the rows that have one vector, since no more of them can be among the k nearest: a table may hold the same vector
 * a million times. Rows have one vector if their codes are the same, and the factors as well, which are six numbers of 32 bits.
 */
export function withoutCopies(rows: InMemoryIndex, bounded: readonly Bounded[], k: number): readonly Bounded[] {
  const { arena, factors, high } = rows;
  if (bounded.length <= MIN_ROWS || high === undefined) return bounded;
  const words = arena.words(0, arena.size >> 2);
  const haveOneVector = (slot: number, other: number) => {
    for (let i = 0; i < FACTORS; i++) if (factors[slot * FACTORS + i] !== factors[other * FACTORS + i]) return false;
    const code = high.address(slot) >> 2;
    const otherCode = high.address(other) >> 2;
    for (let i = 0; i < high.width >> 2; i++) if (words[code + i] !== words[otherCode + i]) return false;
    return true;
  };
  const originals = new Map<number, { readonly slot: number; copies: number }>();
  return bounded.filter(({ slot, upper }) => {
    const original = originals.get(upper);
    if (original !== undefined && haveOneVector(original.slot, slot)) return ++original.copies < k;
    originals.set(upper, { slot, copies: 0 });
    return true;
  });
}
