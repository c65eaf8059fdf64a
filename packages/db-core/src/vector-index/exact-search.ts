import { type Bounded, boundByCodes, type Confidence } from './code-bounds.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { type Neighbour, type ReadVectors, Rescoring } from './rescore.ts';
import type { SlotList } from './wasm-arena.ts';

/** Up to this many rows, looking at four bits before all eight saves nothing. */
const BITS4_MIN_ROWS = 2_000;

/** A bound on the error of 32-bit arithmetic in a similarity, three times what a rotation can get wrong. */
const ROUNDING = 2e-5;

/** Intervals that take all that codes leave open: the bound of Cauchy and Schwarz. */
const CERTAIN: Confidence = { share: 1, slack: ROUNDING };

/**
 * Finds the k nearest of the listed rows, provably: a code leaves an interval for a row's similarity, so a row whose best case
 * is worse than the k-th worst case is out. What four bits a dimension leave is looked at with eight, and what these leave
 * is rescored from the vectors themselves.
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
  let left = startsWithBits4 ? boundByCodes(rows, list, 4, CERTAIN, Number.NEGATIVE_INFINITY, k) : undefined;
  if (rows.low !== undefined && (left === undefined || left.length > 2 * k)) {
    const rest = left === undefined ? list : listOf(rows, left);
    left = boundByCodes(rows, rest, 8, CERTAIN, Number.NEGATIVE_INFINITY, k);
  }
  const rescoring = new Rescoring(rows, query, k, readVectors, 0);
  rescoring.readAll(left ?? []);
  return rescoring.nearest;
}

function listOf(rows: InMemoryIndex, bounded: readonly Bounded[]): SlotList {
  const address = rows.scratch.candidates.reserve(bounded.length * 4);
  rows.arena.words(address, bounded.length).set(bounded.map(({ slot }) => slot));
  return { address, count: bounded.length };
}
