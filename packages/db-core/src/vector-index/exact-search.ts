import type { InMemoryIndex } from './in-memory-index.ts';
import { type Neighbour, nearest, type ReadVectors, rescore } from './rescore.ts';
import { TopK } from './top-k.ts';
import type { PagedRows, SlotList } from './wasm-arena.ts';

/** Up to this many rows, looking at four bits before all eight saves nothing. */
const BITS4_MIN_ROWS = 2_000;

/**
 * Finds the k nearest of the listed rows, provably: what a code says of a row's similarity is off by a known amount at most,
 * so a row whose best case is worse than the k-th worst case is out. What four bits a dimension leave is looked at with
 * eight, and what these leave is rescored from the vectors themselves.
 */
export function exactSearch(
  rows: InMemoryIndex,
  query: Float32Array,
  list: SlotList,
  k: number,
  readVectors: ReadVectors,
): Neighbour[] {
  rows.query.set(query);
  const startsWithBits4 = rows.low === undefined || list.count > BITS4_MIN_ROWS;
  let left = startsWithBits4 ? candidatesByBound(rows, list, k, rows.high, undefined) : undefined;
  if (rows.low !== undefined && (left === undefined || left.length > 2 * k)) {
    left = candidatesByBound(rows, left === undefined ? list : listOf(rows, left), k, rows.high, rows.low);
  }
  // The likeliest first: how similar they really are rules most others out.
  const likeliest = (left ?? []).sort((a, b) => b.upper - a.upper);
  const rescored = rescore(query, keysOf(rows, likeliest.splice(0, 2 * k)), readVectors);
  const reached = new TopK(k);
  for (const { similarity } of rescored) reached.add(similarity);
  const rest = likeliest.filter(({ upper }) => upper >= reached.threshold);
  return nearest([...rescored, ...rescore(query, keysOf(rows, rest), readVectors)], k);
}

interface Bounded {
  readonly slot: number;
  /** The similarity at best. */
  readonly upper: number;
}

/** The listed rows whose best case, by their first four bits or by all eight, is no worse than the k-th worst case. */
function candidatesByBound(
  rows: InMemoryIndex,
  { address, count }: SlotList,
  k: number,
  high: PagedRows | undefined,
  low: PagedRows | undefined,
): Bounded[] {
  const { arena, factors, scratch } = rows;
  if (high === undefined) throw new Error('An exact search needs codes');
  const { base, unit, bits4Offset, bits8Offset, errorWeight, errorBase } = rows.query.terms();
  const offset = low === undefined ? bits4Offset : bits8Offset;
  const errorIndex = low === undefined ? 1 : 2;
  const highAddress = scratch.dots.reserve(count * 4);
  const lowAddress = low === undefined ? 0 : scratch.lowDots.reserve(count * 4);
  const uppersAddress = scratch.bounds.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, rows.query.numbers, highAddress);
  if (low !== undefined) arena.kernels.dotNibbles(address, count, low.pages, low.width, rows.query.numbers, lowAddress);
  const slots = rows.slots({ address, count });
  const highDots = arena.integers(highAddress, count);
  const lowDots = low === undefined ? undefined : arena.integers(lowAddress, count);
  const uppers = arena.floats(uppersAddress, count);
  const worst = new TopK(k);
  let threshold = worst.threshold;
  for (let i = 0; i < count; i++) {
    const first = (slots === undefined ? i : (slots[i] ?? 0)) * 3;
    const dot = 16 * (highDots[i] ?? 0) + (lowDots === undefined ? 0 : (lowDots[i] ?? 0));
    const similarity = base + unit * (factors[first] ?? 0) * (dot - offset);
    const error = errorBase + errorWeight * (factors[first + errorIndex] ?? 0);
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

function listOf(rows: InMemoryIndex, bounded: readonly Bounded[]): SlotList {
  const address = rows.scratch.nearer.reserve(bounded.length * 4);
  rows.arena.words(address, bounded.length).set(bounded.map(({ slot }) => slot));
  return { address, count: bounded.length };
}

function keysOf(rows: InMemoryIndex, found: readonly Bounded[]): number[] {
  return found.map(({ slot }) => rows.keys[slot] ?? 0);
}
