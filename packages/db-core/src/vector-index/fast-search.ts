import type { SlotList } from './arena.ts';
import { DEVIATIONS, nearestSketches } from './nearest-sketches.ts';
import { measure, type Neighbour, nearest, type ReadVectors } from './neighbours.ts';
import type { ResidentVectors } from './resident-vectors.ts';
import { TopScores } from './top-scores.ts';

/** Up to this many rows, looking at their sketches first saves nothing. */
const WORTH_SKETCHES = 500;

/** Candidates that are read from the database at most, besides the k. */
const MEASURED_AT_MOST = 400;

/** The same where only sketches are held: reading more vectors takes longer than reading the codes of all rows once. */
const MEASURED_BY_SKETCHES_AT_MOST = 1_000;

/**
 * Finds nearly all of the k nearest of the listed rows: the sketches of one bit a dimension leave some hundred, four bits a
 * dimension leave some more than k of these, and those are measured from the vectors themselves.
 *
 * @returns `undefined` where only sketches are held, and they leave so many that their codes should be read first
 */
export function fastSearch(
  rows: ResidentVectors,
  query: Float32Array,
  list: SlotList,
  k: number,
  readVectors: ReadVectors,
): Neighbour[] | undefined {
  rows.query.set(query);
  const candidates = list.count <= WORTH_SKETCHES ? list : nearestSketches(rows, list, k);
  if (rows.precision === 'sketch' && candidates.count > MEASURED_BY_SKETCHES_AT_MOST) return undefined;
  return nearest(measure(query, bestKeys(rows, candidates, k), readVectors), k);
}

/** The rows whose codes do not say that they could hardly be among the k nearest. */
function bestKeys(rows: ResidentVectors, { address, count }: SlotList, k: number): number[] {
  const { arena, factors, keys, high, width } = rows;
  if (high === undefined) return rows.keysOf({ address, count });
  const { base, unit, coarseOffset } = rows.query.terms();
  const dotsAt = rows.scratch.dots.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, rows.query.numbers, dotsAt);
  const slots = rows.slots({ address, count });
  const dots = arena.integers(dotsAt, count);
  // The rotation has spread what codes get wrong evenly, so that of its length one dimension's share lies along the query.
  const weight = DEVIATIONS / Math.sqrt(width);
  const best = new TopScores(k);
  const hopes = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = (slots === undefined ? i : (slots[i] ?? 0)) * 3;
    const similarity = base + unit * (factors[at] ?? 0) * (16 * (dots[i] ?? 0) - coarseOffset);
    best.add(similarity);
    hopes[i] = similarity + weight * (factors[at + 1] ?? 0);
  }
  const found: { key: number; hope: number }[] = [];
  for (let i = 0; i < count; i++) {
    const hope = hopes[i] ?? 0;
    if (hope >= best.threshold) found.push({ key: keys[slots === undefined ? i : (slots[i] ?? 0)] ?? 0, hope });
  }
  // Thousands of copies of one vector are no better than the first ones.
  const enough = k + MEASURED_AT_MOST;
  if (found.length > enough) found.sort((a, b) => b.hope - a.hope || a.key - b.key).splice(enough);
  return found.map(({ key }) => key);
}
