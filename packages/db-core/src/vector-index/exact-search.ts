import type { SlotList } from './arena.ts';
import { measure, type Neighbour, nearest, type ReadVectors } from './neighbours.ts';
import type { SimilarityTerms } from './query-code.ts';
import type { ResidentVectors } from './resident-vectors.ts';
import { TopScores } from './top-scores.ts';

/**
 * Finds the k nearest of the listed rows, provably: what a code says of a row's similarity is off by a known amount at most,
 * so a row whose best case is worse than the k-th worst case is out. What four bits a dimension leave is looked at with
 * eight, and what these leave is measured from the vectors themselves.
 */
export function exactSearch(
  rows: ResidentVectors,
  query: Float32Array,
  list: SlotList,
  k: number,
  readVectors: ReadVectors,
): Neighbour[] {
  rows.query.set(query);
  const terms = rows.query.terms();
  let left = coarseBounds(rows, terms, list, k);
  if (rows.low !== undefined && left.length > 2 * k) left = fineBounds(rows, terms, left, k);
  // The likeliest first: how similar they really are rules most others out.
  left.sort((a, b) => b.upper - a.upper);
  const likeliest = left.splice(0, 2 * k);
  const measured = measure(query, keysOf(rows, likeliest), readVectors);
  const reached = new TopScores(k);
  for (const { similarity } of measured) reached.add(similarity);
  const rest = left.filter(({ upper }) => upper >= reached.threshold);
  return nearest([...measured, ...measure(query, keysOf(rows, rest), readVectors)], k);
}

interface Bounded {
  readonly slot: number;
  /** The dot product with the first four bits. */
  readonly high: number;
  /** The similarity at best. */
  readonly upper: number;
}

function coarseBounds(
  rows: ResidentVectors,
  terms: SimilarityTerms,
  { address, count }: SlotList,
  k: number,
): Bounded[] {
  const { arena, factors, high: codes } = rows;
  if (codes === undefined) throw new Error('An exact search needs codes');
  const { base, unit, coarseOffset, errorWeight, errorBase } = terms;
  const dotsAt = rows.scratch.dots.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, codes.pages, codes.width, rows.query.numbers, dotsAt);
  const slots = rows.slots({ address, count });
  const dots = arena.integers(dotsAt, count);
  const worst = new TopScores(k);
  for (let i = 0; i < count; i++) {
    const at = (slots === undefined ? i : (slots[i] ?? 0)) * 3;
    const similarity = base + unit * (factors[at] ?? 0) * (16 * (dots[i] ?? 0) - coarseOffset);
    worst.add(similarity - errorBase - errorWeight * (factors[at + 1] ?? 0));
  }
  const left: Bounded[] = [];
  for (let i = 0; i < count; i++) {
    const slot = slots === undefined ? i : (slots[i] ?? 0);
    const at = slot * 3;
    const high = dots[i] ?? 0;
    const similarity = base + unit * (factors[at] ?? 0) * (16 * high - coarseOffset);
    const upper = similarity + errorBase + errorWeight * (factors[at + 1] ?? 0);
    if (upper >= worst.threshold) left.push({ slot, high, upper });
  }
  return left;
}

function fineBounds(rows: ResidentVectors, terms: SimilarityTerms, coarse: readonly Bounded[], k: number): Bounded[] {
  const { arena, low } = rows;
  if (low === undefined) return [...coarse];
  const { base, unit, fineOffset, errorWeight, errorBase } = terms;
  const listAt = rows.scratch.nearer.reserve(coarse.length * 4);
  const dotsAt = rows.scratch.dots.reserve(coarse.length * 4);
  const list = arena.words(listAt, coarse.length);
  for (const [i, { slot }] of coarse.entries()) list[i] = slot;
  arena.kernels.dotNibbles(listAt, coarse.length, low.pages, low.width, rows.query.numbers, dotsAt);
  const dots = arena.integers(dotsAt, coarse.length);
  const worst = new TopScores(k);
  const bounded = coarse.map(({ slot, high }, i) => {
    const step = rows.factors[slot * 3] ?? 0;
    const similarity = base + unit * step * (16 * high + (dots[i] ?? 0) - fineOffset);
    const error = errorBase + errorWeight * (rows.factors[slot * 3 + 2] ?? 0);
    worst.add(similarity - error);
    return { slot, high, upper: similarity + error };
  });
  return bounded.filter(({ upper }) => upper >= worst.threshold);
}

function keysOf(rows: ResidentVectors, found: readonly Bounded[]): number[] {
  return found.map(({ slot }) => rows.keys[slot] ?? 0);
}
