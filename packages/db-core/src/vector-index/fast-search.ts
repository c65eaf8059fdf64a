import { binaryScan, SIGMAS } from './binary-scan.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { type Neighbour, nearest, type ReadVectors, rescore } from './rescore.ts';
import { TopK } from './top-k.ts';
import type { SlotList } from './wasm-arena.ts';

/** Up to this many rows, looking at their one-bit codes first saves nothing. */
const BINARY_SCAN_MIN_ROWS = 500;

/** Candidates that are read from the database at most, besides the k. */
const MAX_RESCORED = 400;

/**
 * The same if only one-bit codes are held: reading more vectors takes longer than reading the codes of all rows once.
 */
const MAX_RESCORED_BY_BITS1 = 1_000;

/**
 * Finds nearly all of the k nearest of the listed rows: the codes of one bit a dimension leave some hundred, four bits
 * a dimension leave some more than k of these, and those are rescored from the vectors themselves.
 *
 * @returns `undefined` if only one-bit codes are held, and they leave so many that their codes should be read first
 */
export function fastSearch(
  rows: InMemoryIndex,
  query: Float32Array,
  list: SlotList,
  k: number,
  readVectors: ReadVectors,
): Neighbour[] | undefined {
  rows.query.set(query);
  const candidates = list.count <= BINARY_SCAN_MIN_ROWS ? list : binaryScan(rows, list, k);
  if (rows.precision === 'bits1' && candidates.count > MAX_RESCORED_BY_BITS1) return undefined;
  return nearest(rescore(query, bestKeys(rows, candidates, k), readVectors), k);
}

/** The rows whose codes do not say that they could hardly be among the k nearest. */
function bestKeys(rows: InMemoryIndex, { address, count }: SlotList, k: number): number[] {
  const { arena, factors, keys, high, width } = rows;
  if (high === undefined) return rows.keysOf({ address, count });
  const { base, unit, bits4Offset } = rows.query.terms();
  const dotsAddress = rows.scratch.dots.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, rows.query.numbers, dotsAddress);
  const slots = rows.slots({ address, count });
  const dots = arena.integers(dotsAddress, count);
  // The rotation has spread what codes get wrong evenly, so that of its length one dimension's share lies along the query.
  const weight = SIGMAS / Math.sqrt(width);
  const best = new TopK(k);
  const upperBounds = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const first = (slots === undefined ? i : (slots[i] ?? 0)) * 3;
    const similarity = base + unit * (factors[first] ?? 0) * (16 * (dots[i] ?? 0) - bits4Offset);
    best.add(similarity);
    upperBounds[i] = similarity + weight * (factors[first + 1] ?? 0);
  }
  const found: { key: number; upperBound: number }[] = [];
  for (let i = 0; i < count; i++) {
    const upperBound = upperBounds[i] ?? 0;
    if (upperBound >= best.threshold)
      found.push({ key: keys[slots === undefined ? i : (slots[i] ?? 0)] ?? 0, upperBound });
  }
  // Thousands of copies of one vector are no better than the first ones.
  const enough = k + MAX_RESCORED;
  if (found.length > enough) found.sort((a, b) => b.upperBound - a.upperBound || a.key - b.key).splice(enough);
  return found.map(({ key }) => key);
}
