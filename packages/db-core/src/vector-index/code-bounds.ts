import { FACTORS } from './block-format.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { TopK } from './top-k.ts';
import type { SlotList } from './wasm-arena.ts';

/** A row whose similarity is at most so much. */
export interface Bounded {
  readonly slot: number;
  readonly upper: number;
}

/** The width of the intervals that codes leave for similarities. */
export interface Confidence {
  /**
   * The share that counts of the lengths that a code leaves open: all of it (1) makes intervals certain; since the rotation
   * spreads what is open evenly, some deviations of one dimension's share make them very likely.
   */
  readonly share: number;
  /** Added to intervals on either side. */
  readonly slack: number;
}

/**
 * Bounds the similarities of the listed rows by their codes, and returns those that may reach a floor.
 *
 * Of a code, the part along its residual and the length of the part across it are known. The query's residual has such parts as
 * well: the one along is what is asked for, and how those across lie to each other is open. So the dot product of query and
 * code leaves an interval, which is that of RaBitQ (Gao and Long 2024, https://arxiv.org/abs/2405.12497, section 3.2): the
 * narrower, the more the query points in the direction of the residual.
 *
 * @param bits - the bits of each code that are looked at
 * @param k - if given, rows whose upper bound is below k lower bounds are left out as well
 */
export function boundByCodes(
  rows: InMemoryIndex,
  list: SlotList,
  bits: 4 | 8,
  { share, slack }: Confidence,
  floor: number,
  k?: number,
): Bounded[] {
  const { factors, query } = rows;
  const { base, residualLength, codeError } = query.terms;
  const { dots, unit, offset } = dotProducts(rows, list, bits);
  const slots = rows.slots(list);
  const alongAt = bits === 4 ? 2 : 4;
  const uppers = new Float64Array(list.count);
  const lowers = k === undefined ? undefined : new TopK(k);
  let least = floor;
  // At first with the query's whole length for the part across: this rules most rows out, and takes less time.
  for (let i = 0; i < list.count; i++) {
    const row = (slots === undefined ? i : (slots[i] ?? 0)) * FACTORS;
    const along = factors[row + alongAt] ?? 0;
    const across = factors[row + alongAt + 1] ?? 0;
    const scale = along > 0 ? (factors[row] ?? 0) / along : 0;
    const similarity = base + (factors[row + 1] ?? 0) + scale * unit * ((dots[i] ?? 0) - offset);
    const open = share * scale * (across * residualLength + (along + across) * codeError) + slack;
    uppers[i] = similarity + open;
    if (lowers === undefined || similarity - open <= least) continue;
    lowers.add(similarity - open);
    least = Math.max(floor, lowers.threshold);
  }
  const bounded: Bounded[] = [];
  for (let i = 0; i < list.count; i++) {
    if ((uppers[i] ?? 0) < least) continue;
    const slot = slots === undefined ? i : (slots[i] ?? 0);
    const row = slot * FACTORS;
    const along = factors[row + alongAt] ?? 0;
    const across = factors[row + alongAt + 1] ?? 0;
    const dot = unit * ((dots[i] ?? 0) - offset);
    const error = share * (along + across) * codeError;
    const largest = largestAlong(along, share * across, dot, error, residualLength);
    const upper = base + (factors[row + 1] ?? 0) + (factors[row] ?? 0) * largest + slack;
    if (upper >= least) bounded.push({ slot, upper });
  }
  return bounded;
}

/** Returns a similarity that k of the listed rows have at least, by their codes of four bits. */
export function floorByCodes(rows: InMemoryIndex, list: SlotList, share: number, k: number): number {
  const { factors, query } = rows;
  const { base, residualLength, codeError } = query.terms;
  const { dots, unit, offset } = dotProducts(rows, list, 4);
  const slots = rows.slots(list);
  const lowers = new TopK(k);
  for (let i = 0; i < list.count; i++) {
    const row = (slots === undefined ? i : (slots[i] ?? 0)) * FACTORS;
    const along = factors[row + 2] ?? 0;
    const across = factors[row + 3] ?? 0;
    const dot = unit * ((dots[i] ?? 0) - offset);
    const error = share * (along + across) * codeError;
    const least = -largestAlong(along, share * across, -dot, error, residualLength);
    lowers.add(base + (factors[row + 1] ?? 0) + (factors[row] ?? 0) * least);
  }
  return lowers.threshold;
}

interface DotProducts {
  /** The dot products of the integers of the query and of each listed row. */
  readonly dots: Int32Array;
  /** The dot product of what they stand for is `unit * (dot - offset)`, in steps of the row. */
  readonly unit: number;
  readonly offset: number;
}

function dotProducts(rows: InMemoryIndex, { address, count }: SlotList, bits: 4 | 8): DotProducts {
  const { arena, high, low, query, scratch } = rows;
  if (high === undefined || (bits === 8 && low === undefined)) throw new Error(`No codes of ${bits} bits are held`);
  const highAddress = scratch.dots.reserve(count * 4);
  const lowAddress = scratch.lowDots.reserve(bits === 8 ? count * 4 : 0);
  arena.kernels.dotNibbles(address, count, high.pages, high.width, query.numbers, highAddress);
  const { unit, sum } = query.terms;
  if (bits === 4 || low === undefined) {
    return { dots: arena.integers(highAddress, count), unit: 16 * unit, offset: 7.5 * sum };
  }
  arena.kernels.dotNibbles(address, count, low.pages, low.width, query.numbers, lowAddress);
  const dots = arena.integers(highAddress, count);
  const lowDots = arena.integers(lowAddress, count);
  for (let i = 0; i < count; i++) dots[i] = 16 * (dots[i] ?? 0) + (lowDots[i] ?? 0);
  return { dots, unit, offset: 127.5 * sum };
}

/**
 * The largest part along a row's residual that the query's residual can have.
 *
 * @param met - the length of the code's part across that the query's part across may meet
 * @param dot - the dot product of the query's residual and the code
 * @param error - the largest error of that product
 * @param length - the length of the query's residual
 */
function largestAlong(along: number, met: number, dot: number, error: number, length: number): number {
  const squares = along ** 2 + met ** 2;
  if (squares === 0) return length;
  // Of all dot products that are possible, this one allows most; one of `length * along` allows everything.
  const best = Math.min(Math.max(length * along, dot - error), dot + error);
  const rest = Math.sqrt(Math.max(length ** 2 * squares - best ** 2, 0));
  return Math.min((best * along + met * rest) / squares, length);
}
