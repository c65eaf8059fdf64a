import { measure, type Neighbour, nearest, type ReadVectors } from './neighbours.ts';
import type { ResidentVectors } from './resident-vectors.ts';
import { TopScores } from './top-scores.ts';

/** Up to this many rows, looking at their sketches first saves nothing. */
const WORTH_SKETCHES = 500;

/** Candidates that are read from the database at most, besides the k. */
const MEASURED_AT_MOST = 400;

/**
 * How far beyond the k-th best candidates are taken, in standard deviations of what sketches or codes get wrong. Measured:
 * recall@10 of 0.999 on lexical vectors of code, the hardest of the benchmark, and 0.994 with 2.5.
 */
const DEVIATIONS = 3;

/**
 * Finds nearly all of the k nearest of the listed rows: the sketches of one bit a dimension leave some hundred, four bits a
 * dimension leave some more than k of these, and those are measured from the vectors themselves.
 *
 * @param list - the address of slots in the arena of `rows`
 * @returns `undefined` where only sketches are held, and they leave so many that their codes should be read first
 */
export function fastSearch(
  rows: ResidentVectors,
  query: Float32Array,
  list: { readonly address: number; readonly count: number },
  k: number,
  readVectors: ReadVectors,
): Neighbour[] | undefined {
  rows.query.set(query);
  const candidates = list.count <= WORTH_SKETCHES ? list : nearestSketches(rows, list, k);
  if (rows.precision === 'sketch' && candidates.count > MEASURED_AT_MOST) return undefined;
  return nearest(measure(query, bestKeys(rows, candidates, k), readVectors), k);
}

/** The rows whose sketches are not so far from the query's that their vectors could hardly be among the k nearest. */
function nearestSketches(
  rows: ResidentVectors,
  { address, count }: { readonly address: number; readonly count: number },
  k: number,
): { address: number; count: number } {
  const { arena, scratch, sketches, width } = rows;
  const bins = width + 1;
  const distances = scratch.distances.reserve(count * 2);
  const histogramAt = scratch.histogram.reserve(bins * 4);
  const nearer = scratch.nearer.reserve(count * 4);
  arena.words(histogramAt, bins).fill(0);
  arena.kernels.hamming(address, count, sketches.pages, sketches.width, rows.query.sketch, distances, histogramAt);

  const kth = distanceOf(k, arena.words(histogramAt, bins));
  // Each bit differs with the same chance, that of the angle between both vectors (Charikar 2002): a binomial count.
  const deviation = Math.sqrt(kth * (1 - kth / width));
  const farthest = Math.ceil(kth + DEVIATIONS * deviation);
  return { address: nearer, count: arena.kernels.within(address, count, distances, farthest, nearer) };
}

/** The distance of the k-th nearest sketch. */
function distanceOf(k: number, histogram: Uint32Array): number {
  let distance = 0;
  let nearer = histogram[0] ?? 0;
  while (nearer < k) nearer += histogram[++distance] ?? 0;
  return distance;
}

/** The rows whose codes do not say that they could hardly be among the k nearest. */
function bestKeys(
  rows: ResidentVectors,
  { address, count }: { readonly address: number; readonly count: number },
  k: number,
): number[] {
  const { arena, factors, keys, high, width } = rows;
  if (high === undefined) return rows.keysOf({ address, count });
  const { base, unit, coarseOffset } = rows.query.terms();
  const dotsAt = rows.scratch.dots.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, rows.query.numbers, dotsAt);
  const slots = arena.words(address, count);
  const dots = arena.integers(dotsAt, count);
  // The rotation has spread what codes get wrong evenly, so that of its length one dimension's share lies along the query.
  const weight = DEVIATIONS / Math.sqrt(width);
  const best = new TopScores(k);
  const hopes = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = (slots[i] ?? 0) * 3;
    const similarity = base + unit * (factors[at] ?? 0) * (16 * (dots[i] ?? 0) - coarseOffset);
    best.add(similarity);
    hopes[i] = similarity + weight * (factors[at + 1] ?? 0);
  }
  const found: { key: number; hope: number }[] = [];
  for (let i = 0; i < count; i++) {
    const hope = hopes[i] ?? 0;
    if (hope >= best.threshold) found.push({ key: keys[slots[i] ?? 0] ?? 0, hope });
  }
  // Thousands of copies of one vector are no better than the first ones.
  const enough = k + MEASURED_AT_MOST;
  if (found.length > enough) found.sort((a, b) => b.hope - a.hope || a.key - b.key).splice(enough);
  return found.map(({ key }) => key);
}
