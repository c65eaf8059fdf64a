import { measure, type Neighbour, nearest, type ReadVectors } from './neighbours.ts';
import type { ResidentVectors } from './resident-vectors.ts';

/** Up to this many rows, looking at their sketches first saves nothing. */
const WORTH_SKETCHES = 500;

/** Candidates that are read from the database at most, where no codes tell them apart. */
const MEASURED_AT_MOST = 400;

/**
 * How far beyond the k-th sketch candidates are taken, in standard deviations of a sketch's distance. Measured: recall@10
 * of 0.999 on lexical vectors of code, the hardest of the benchmark, and 0.994 with 2.5.
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
  return nearest(measure(query, bestKeys(rows, candidates, 2 * k + 5), readVectors), k);
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

function bestKeys(
  rows: ResidentVectors,
  { address, count }: { readonly address: number; readonly count: number },
  wanted: number,
): number[] {
  const { arena, factors, keys, high } = rows;
  if (high === undefined) return rows.keysOf({ address, count });
  const { base, unit, coarseOffset } = rows.query.terms();
  const dotsAt = rows.scratch.dots.reserve(count * 4);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, rows.query.numbers, dotsAt);
  const slots = arena.words(address, count);
  const dots = arena.integers(dotsAt, count);
  const best = new BestKeys(wanted);
  for (let i = 0; i < count; i++) {
    const slot = slots[i] ?? 0;
    const similarity = base + unit * (factors[slot * 3] ?? 0) * (16 * (dots[i] ?? 0) - coarseOffset);
    best.add(keys[slot] ?? 0, similarity);
  }
  return best.keys();
}

/** The keys of the largest scores, ties by ascending key. */
class BestKeys {
  readonly #wanted: number;
  readonly #best: Neighbour[] = [];
  #threshold = Number.NEGATIVE_INFINITY;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(key: number, similarity: number): void {
    if (similarity < this.#threshold) return;
    this.#best.push({ key, similarity });
    if (this.#best.length >= 4 * this.#wanted) this.#cut();
  }

  keys(): number[] {
    this.#cut();
    return this.#best.map(({ key }) => key);
  }

  #cut(): void {
    this.#best.splice(0, Number.POSITIVE_INFINITY, ...nearest(this.#best, this.#wanted));
    if (this.#best.length === this.#wanted) this.#threshold = this.#best.at(-1)?.similarity ?? this.#threshold;
  }
}
