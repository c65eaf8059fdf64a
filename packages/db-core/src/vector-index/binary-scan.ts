import type { InMemoryIndex } from './in-memory-index.ts';
import type { PagedRows, Scratch, SlotList } from './wasm-arena.ts';

/**
 * How far beyond the k-th best candidates are taken, in standard deviations of what one-bit codes or codes get wrong. Measured:
 * recall@10 of 0.999 on lexical vectors of code, the hardest of the benchmark, and 0.994 with 2.5.
 */
export const SIGMAS = 3;

/** Rows that tell how far the k-th nearest is at most, for each of the k. */
const PROBES = 20;

/** With fewer rows for each of the k, looking at the fronts of one-bit codes first saves nothing. */
const FRONTS_MIN_ROWS_PER_RESULT = 1_000;

/** Of all fronts, one in this many is counted. */
const FRONTS_A_COUNT = 4;

/**
 * Lists the rows whose one-bit codes are not so far from the query's that their vectors could hardly be among the k nearest.
 * The front of each one-bit code is looked at first: it says what the whole says, with more noise, and from fewer bytes.
 */
export function binaryScan(rows: InMemoryIndex, list: SlotList, k: number): SlotList {
  const { fronts, bits1, scratch } = rows;
  if (list.count < FRONTS_MIN_ROWS_PER_RESULT * k || bits1.width === fronts.width)
    return candidatesByHamming(rows, list, k);
  const isAll = list.address === 0;
  const inFronts = isAll ? frontDistances(rows, list.count) : distances(rows, fronts, list, scratch.distances);
  const probing = inFronts.kth(isAll ? (PROBES * k) / FRONTS_A_COUNT : PROBES * k);
  const probes = keep(rows, list, inFronts, probing, scratch.front);
  const farthestOfK = distances(rows, bits1, probes, scratch.probes).kth(k);
  const reach = withDeviation((farthestOfK * fronts.width) / bits1.width, fronts.width);
  return candidatesByHamming(rows, keep(rows, list, inFronts, reach, scratch.front), k);
}

function candidatesByHamming(rows: InMemoryIndex, list: SlotList, k: number): SlotList {
  const whole = distances(rows, rows.bits1, list, rows.scratch.probes);
  return keep(rows, list, whole, withDeviation(whole.kth(k), rows.bits1.width), rows.scratch.nearer);
}

/** Each bit differs with the same chance, that of the angle between both vectors (Charikar 2002): a binomial count. */
function withDeviation(distance: number, bytes: number): number {
  return Math.ceil(distance + SIGMAS * Math.sqrt(distance * (1 - distance / (bytes * 8))));
}

interface Distances {
  readonly address: number;
  /** The distance of the k-th nearest. */
  kth(k: number): number;
}

function distances(rows: InMemoryIndex, plane: PagedRows, list: SlotList, into: Scratch): Distances {
  const { arena, query } = rows;
  const bins = plane.width * 8 + 1;
  const address = into.reserve(list.count * 2);
  const histogramAddress = emptyHistogram(rows, bins);
  arena.kernels.hamming(list.address, list.count, plane.pages, plane.width, query.bits1, address, histogramAddress);
  return { address, kth: kthIn(arena.words(histogramAddress, bins).slice()) };
}

function frontDistances(rows: InMemoryIndex, count: number): Distances {
  const { arena, fronts, query, scratch } = rows;
  const bins = fronts.width * 8 + 1;
  const address = scratch.distances.reserve(count * 2);
  const histogramAddress = emptyHistogram(rows, bins);
  arena.kernels.hammingFronts(count, fronts.pages, query.bits1, address, histogramAddress);
  return { address, kth: kthIn(arena.words(histogramAddress, bins).slice()) };
}

function emptyHistogram({ arena, scratch, width }: InMemoryIndex, bins: number): number {
  const address = scratch.histogram.reserve((width + 1) * 4);
  arena.words(address, bins).fill(0);
  return address;
}

function kthIn(histogram: Uint32Array): Distances['kth'] {
  return (k) => {
    let distance = 0;
    let nearer = histogram[0] ?? 0;
    while (nearer < k && distance < histogram.length) nearer += histogram[++distance] ?? 0;
    return distance;
  };
}

function keep(rows: InMemoryIndex, list: SlotList, { address }: Distances, farthest: number, into: Scratch): SlotList {
  const kept = into.reserve(list.count * 4);
  return { address: kept, count: rows.arena.kernels.within(list.address, list.count, address, farthest, kept) };
}
