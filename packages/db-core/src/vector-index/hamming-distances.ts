import { FRONT_BYTES } from './block-format.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import type { Scratch, SlotList } from './wasm-arena.ts';

/** Of all fronts, one in this many is counted. */
const ROWS_PER_COUNT = 4;

/** The numbers of bits in which the one-bit codes of listed rows, or the fronts of these, differ from the query's. */
export interface HammingDistances {
  readonly list: SlotList;
  /** The address of the distances, in the order of the list. */
  readonly address: number;
  /** The number of bits compared. */
  readonly bits: number;
  /** Returns the distance of the k-th nearest row, about. */
  kth(k: number): number;
  /** Returns the number of rows that are at most so far, about. */
  within(distance: number): number;
}

/** Compares the fronts of one-bit codes. */
export function compareFronts(rows: InMemoryIndex, list: SlotList, into: Scratch): HammingDistances {
  const { arena, fronts, query } = rows;
  const { kernels } = arena;
  const bits = FRONT_BYTES * 8;
  const address = into.reserve(list.count * 2);
  const histogram = emptyHistogram(rows, bits);
  if (list.address === 0) kernels.hammingFronts(list.count, fronts.pages, query.bits1, address, histogram);
  else kernels.hamming(list.address, list.count, fronts.pages, FRONT_BYTES, query.bits1, 0, address, histogram);
  const rowsPerCount = list.address === 0 ? ROWS_PER_COUNT : 1;
  return { list, address, bits, ...counts(arena.words(histogram, bits + 1).slice(), rowsPerCount) };
}

/** Compares whole one-bit codes, of which the fronts have been compared. */
export function compareRests(
  rows: InMemoryIndex,
  list: SlotList,
  frontsAddress: number,
  into: Scratch,
): HammingDistances {
  const { arena, rests, query, width } = rows;
  const { kernels } = arena;
  const address = into.reserve(list.count * 2);
  const histogram = emptyHistogram(rows, width);
  const rest = query.bits1 + FRONT_BYTES;
  kernels.hamming(list.address, list.count, rests.pages, rests.width, rest, frontsAddress, address, histogram);
  return { list, address, bits: width, ...counts(arena.words(histogram, width + 1).slice(), 1) };
}

function emptyHistogram({ arena, scratch, width }: InMemoryIndex, bits: number): number {
  const address = scratch.histogram.reserve((width + 1) * 4);
  arena.words(address, bits + 1).fill(0);
  return address;
}

function counts(histogram: Uint32Array, rowsPerCount: number): Pick<HammingDistances, 'kth' | 'within'> {
  return {
    kth: (k) => {
      let distance = 0;
      let nearer = (histogram[0] ?? 0) * rowsPerCount;
      while (nearer < k && distance < histogram.length - 1) nearer += (histogram[++distance] ?? 0) * rowsPerCount;
      return distance;
    },
    within: (distance) => {
      let nearer = 0;
      for (let i = 0; i <= distance; i++) nearer += (histogram[i] ?? 0) * rowsPerCount;
      return nearer;
    },
  };
}
