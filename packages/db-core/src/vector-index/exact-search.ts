import type { PagedRows, SlotList } from './arena.ts';
import { measure, type Neighbour, nearest, type ReadVectors } from './neighbours.ts';
import type { ResidentVectors } from './resident-vectors.ts';
import { TopScores } from './top-scores.ts';

/** Up to this many rows, looking at four bits before all eight saves nothing. */
const WORTH_FOUR_BITS = 2_000;

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
  const isWorthLess = rows.low === undefined || list.count > WORTH_FOUR_BITS;
  let left = isWorthLess ? withinReach(rows, list, k, rows.high, undefined) : undefined;
  if (rows.low !== undefined && (left === undefined || left.length > 2 * k)) {
    left = withinReach(rows, left === undefined ? list : listOf(rows, left), k, rows.high, rows.low);
  }
  // The likeliest first: how similar they really are rules most others out.
  const likeliest = (left ?? []).sort((a, b) => b.upper - a.upper);
  const measured = measure(query, keysOf(rows, likeliest.splice(0, 2 * k)), readVectors);
  const reached = new TopScores(k);
  for (const { similarity } of measured) reached.add(similarity);
  const rest = likeliest.filter(({ upper }) => upper >= reached.threshold);
  return nearest([...measured, ...measure(query, keysOf(rows, rest), readVectors)], k);
}

interface Bounded {
  readonly slot: number;
  /** The similarity at best. */
  readonly upper: number;
}

/** The listed rows whose best case, by their first four bits or by all eight, is no worse than the k-th worst case. */
function withinReach(
  rows: ResidentVectors,
  { address, count }: SlotList,
  k: number,
  high: PagedRows | undefined,
  low: PagedRows | undefined,
): Bounded[] {
  const { arena, factors, scratch } = rows;
  if (high === undefined) throw new Error('An exact search needs codes');
  const { base, unit, coarseOffset, fineOffset, errorWeight, errorBase } = rows.query.terms();
  const offset = low === undefined ? coarseOffset : fineOffset;
  const errorAt = low === undefined ? 1 : 2;
  const highAt = scratch.dots.reserve(count * 4);
  const lowAt = low === undefined ? 0 : scratch.lowDots.reserve(count * 4);
  const uppersAt = scratch.bounds.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, rows.query.numbers, highAt);
  if (low !== undefined) arena.kernels.dotNibbles(address, count, low.pages, low.width, rows.query.numbers, lowAt);
  const slots = rows.slots({ address, count });
  const highDots = arena.integers(highAt, count);
  const lowDots = low === undefined ? undefined : arena.integers(lowAt, count);
  const uppers = arena.floats(uppersAt, count);
  const worst = new TopScores(k);
  let threshold = worst.threshold;
  for (let i = 0; i < count; i++) {
    const at = (slots === undefined ? i : (slots[i] ?? 0)) * 3;
    const dot = 16 * (highDots[i] ?? 0) + (lowDots === undefined ? 0 : (lowDots[i] ?? 0));
    const similarity = base + unit * (factors[at] ?? 0) * (dot - offset);
    const error = errorBase + errorWeight * (factors[at + errorAt] ?? 0);
    uppers[i] = similarity + error;
    if (similarity - error <= threshold) continue;
    worst.add(similarity - error);
    threshold = worst.threshold;
  }
  const left: Bounded[] = [];
  for (let i = 0; i < count; i++) {
    const upper = uppers[i] ?? 0;
    if (upper >= threshold) left.push({ slot: slots === undefined ? i : (slots[i] ?? 0), upper });
  }
  return left;
}

function listOf(rows: ResidentVectors, bounded: readonly Bounded[]): SlotList {
  const address = rows.scratch.nearer.reserve(bounded.length * 4);
  rows.arena.words(address, bounded.length).set(bounded.map(({ slot }) => slot));
  return { address, count: bounded.length };
}

function keysOf(rows: ResidentVectors, found: readonly Bounded[]): number[] {
  return found.map(({ slot }) => rows.keys[slot] ?? 0);
}
