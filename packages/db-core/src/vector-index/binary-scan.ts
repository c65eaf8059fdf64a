import { FACTORS } from './block-format.ts';
import type { Bounded } from './code-bounds.ts';
import { cosinesByDistance } from './hamming-bounds.ts';
import { compareFronts, compareRests, type HammingDistances } from './hamming-distances.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import type { Scratch, SlotList } from './wasm-arena.ts';

/** Up to this many rows, looking at their one-bit codes first saves nothing. */
const BITS1_MIN_ROWS = 500;

/** With fewer rows for each of the k, looking at the fronts of one-bit codes first saves nothing. */
const FRONTS_MIN_ROWS = 1_000;

/** Rows with the nearest fronts, for each of the k: by their whole codes, those to be probed are chosen. */
const NEAREST_FRONTS = 24;

/** Rows that are probed, for each of the k: their similarities tell how similar the k-th nearest row is at least. */
const PROBES = 4;

/** So many rows are probed at least. */
const MIN_PROBES = 16;

/** Standard deviations of the normal distribution, beyond which what is unlikely is left out. */
type Sigmas = readonly [least: number, ...more: number[]];

/**
 * A row that can reach the floor is left out for its front with a chance of 1 in 160 at most, and a smaller one if few rows
 * more are kept for that.
 */
const FRONT_SIGMAS: Sigmas = [2.5, 3, 3.5, 4];

/** The same for whole one-bit codes: at most 1 in 340. */
const BITS1_SIGMAS: Sigmas = [2.75, 3.25, 4];

/** Rows are few more up to this many times those that are kept anyway. */
const FEW_MORE = 1.2;

/**
 * Lists the rows whose one-bit codes are not so far from the query's that their vectors could hardly be among the k nearest.
 * The front of each code is looked at first: it says what the whole says, with more noise, and from fewer bytes.
 *
 * @param findFloor - takes the rows that seem nearest, returns a similarity that k rows have at least
 */
export function candidatesByHamming(
  rows: InMemoryIndex,
  list: SlotList,
  k: number,
  findFloor: (probes: SlotList) => number,
): SlotList {
  if (list.count <= Math.max(BITS1_MIN_ROWS, 2 * NEAREST_FRONTS * k)) return list;
  const { scratch } = rows;
  const probes = Math.max(PROBES * k, MIN_PROBES);
  const fronts = compareFronts(rows, list, scratch.fronts);
  if (list.count < FRONTS_MIN_ROWS * k) {
    const whole = compareRests(rows, list, fronts.address, scratch.rests);
    const floor = findFloor(nearest(rows, whole, probes, scratch.probes));
    return withinReach(rows, whole, floor, BITS1_SIGMAS, scratch.candidates).list;
  }
  const floor = findFloor(nearest(rows, compareNearest(rows, fronts, k), probes, scratch.probes));
  const near = withinReach(rows, fronts, floor, FRONT_SIGMAS, scratch.near);
  const whole = compareRests(rows, near.list, near.distances, scratch.rests);
  return withinReach(rows, whole, floor, BITS1_SIGMAS, scratch.candidates).list;
}

/** Bounds the similarities of the listed rows by their one-bit codes, and returns those that may reach a floor. */
export function boundByBits1(rows: InMemoryIndex, list: SlotList, floor: number): Bounded[] {
  const { arena, factors, scratch } = rows;
  const { residualLength } = rows.query.terms;
  const fronts = compareFronts(rows, list, scratch.probedFronts);
  const { address, bits } = compareRests(rows, list, fronts.address, scratch.probedRests);
  const cosines = cosinesByDistance(bits, BITS1_SIGMAS[0]);
  const slots = rows.slots(list);
  const bounded: Bounded[] = [];
  for (const [i, distance] of arena.shorts(address, list.count).entries()) {
    const slot = slots === undefined ? i : (slots[i] ?? 0);
    const length = factors[slot * FACTORS] ?? 0;
    const upper = 1 - (residualLength ** 2 + length ** 2) / 2 + residualLength * length * (cosines[distance] ?? 1);
    if (upper >= floor) bounded.push({ slot, upper });
  }
  return bounded;
}

/** Compares the whole one-bit codes of the rows with the nearest fronts. */
function compareNearest(rows: InMemoryIndex, fronts: HammingDistances, k: number): HammingDistances {
  const { scratch } = rows;
  const list = nearest(rows, fronts, NEAREST_FRONTS * k, scratch.near);
  const { address } = compareFronts(rows, list, scratch.probedFronts);
  return compareRests(rows, list, address, scratch.probedRests);
}

/** The nearest rows. If very many are equally near, any will do. */
function nearest(rows: InMemoryIndex, compared: HammingDistances, wanted: number, into: Scratch): SlotList {
  const { list, address, kth } = compared;
  const kept = into.reserve(list.count * 4);
  const count = rows.arena.kernels.within(list.address, list.count, address, kth(wanted), kept);
  return { address: kept, count: Math.min(count, 2 * wanted) };
}

/** The rows that can be as similar as the floor, and the address of their distances. */
function withinReach(
  rows: InMemoryIndex,
  compared: HammingDistances,
  floor: number,
  sigmas: Sigmas,
  into: Scratch,
): { readonly list: SlotList; readonly distances: number } {
  const { arena, lengths, query, scratch } = rows;
  const { residualLength } = query.terms;
  const { list } = compared;
  const address = into.reserve(list.count * 4);
  const distances = scratch.keptDistances.reserve(list.count * 2);
  // By the law of cosines, since the squared distance of vectors of length 1 is 2 - 2 * similarity.
  const least = floor - 1 + residualLength ** 2 / 2;
  const { cosines, farthest } = surest(rows, compared, least, sigmas);
  if (farthest < 0) return { list: { address, count: 0 }, distances };
  const cosinesAddress = scratch.cosines.reserve(cosines.byteLength);
  arena.floats(cosinesAddress, cosines.length).set(cosines);
  const count = arena.kernels.withinReach(
    list.address,
    list.count,
    compared.address,
    farthest,
    cosinesAddress,
    lengths.pages,
    residualLength,
    least,
    address,
    distances,
  );
  return { list: { address, count }, distances };
}

interface Reach {
  /** By a row's distance, the largest cosine at the centroid: see `cosinesByDistance`. */
  readonly cosines: Float32Array;
  /** The farthest that a row can be, whatever its length; -1 if none can be similar enough. */
  readonly farthest: number;
}

/** The reach with the most deviations that keep few rows more than the least number does. */
function surest(
  rows: InMemoryIndex,
  { bits, within }: HammingDistances,
  least: number,
  [leastSigmas, ...more]: Sigmas,
): Reach {
  const reach = (sigmas: number): Reach => {
    const cosines = cosinesByDistance(bits, sigmas);
    return { cosines, farthest: farthestInReach(rows, cosines, least) };
  };
  const first = reach(leastSigmas);
  const enough = FEW_MORE * within(first.farthest);
  return more.map(reach).findLast(({ farthest }) => within(farthest) <= enough) ?? first;
}

function farthestInReach(rows: InMemoryIndex, cosines: Float32Array, least: number): number {
  const { residualLength } = rows.query.terms;
  const { shortest, longest } = rows.lengthRange;
  if (residualLength === 0 || shortest === 0) return cosines.length - 1;
  // Of all lengths, this one needs the smallest cosine.
  const length = Math.min(Math.max(Math.sqrt(Math.max(2 * least, 0)), shortest), longest);
  const needed = (least / length + length / 2) / residualLength;
  // The farther, the smaller the cosine.
  let farthest = -1;
  for (let beyond = cosines.length; beyond - farthest > 1; ) {
    const middle = (farthest + beyond) >> 1;
    if ((cosines[middle] ?? 0) >= needed) farthest = middle;
    else beyond = middle;
  }
  return farthest;
}
