import { MAX_PAGE_BITS, MAX_PAGE_ROWS, pageBits, rowAddress, slotAt } from './rows';

/**
 * Counts the bits in which a part of each listed one-bit code differs from the query's, and how many rows have each count.
 * Adds the counts at `known`, those of another part, if that is not 0.
 */
export function hamming(
  list: usize,
  count: u32,
  pages: usize,
  width: u32,
  query: usize,
  known: usize,
  distances: usize,
  histogram: usize,
): void {
  const bits = pageBits(width);
  for (let i: u32 = 0; i < count; i++) {
    const bits1 = rowAddress(pages, slotAt(list, i), width, bits);
    let distance: u64 = known === 0 ? 0 : load<u16>(known + (i << 1));
    for (let byte: u32 = 0; byte < width; byte += 16) {
      distance += popcnt(load<u64>(bits1 + byte) ^ load<u64>(query + byte));
      distance += popcnt(load<u64>(bits1 + byte, 8) ^ load<u64>(query + byte, 8));
    }
    distance = min<u64>(distance, 0xffff);
    store<u16>(distances + (i << 1), <u16>distance);
    const bin = histogram + ((<usize>distance) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
  }
}

/** Does as `hamming`, for all rows and 16 bytes of their one-bit codes; one row in four is counted. */
export function hammingFronts(count: u32, pages: usize, query: usize, distances: usize, histogram: usize): void {
  const first = load<u64>(query);
  const second = load<u64>(query, 8);
  for (let start: u32 = 0; start < count; start += MAX_PAGE_ROWS) {
    const page = <usize>load<u32>(pages + ((start >> MAX_PAGE_BITS) << 2));
    const rows = min<u32>(MAX_PAGE_ROWS, count - start);
    const out = distances + (start << 1);
    for (let i: u32 = 0; i < rows; i++) {
      const bits1 = page + (i << 4);
      const distance = popcnt(load<u64>(bits1) ^ first) + popcnt(load<u64>(bits1, 8) ^ second);
      store<u16>(out + (i << 1), <u16>distance);
    }
    for (let i: u32 = 0; i < rows; i += 4) {
      const bin = histogram + ((<usize>load<u16>(out + (i << 1))) << 2);
      store<u32>(bin, load<u32>(bin) + 1);
    }
  }
}

/** Takes consecutive one-bit codes apart into their fronts of 16 bytes and their rests. */
export function splitFronts(codes: usize, first: u32, count: u32, width: u32, fronts: usize, rests: usize): void {
  const rest = width - 16;
  const bits = pageBits(rest);
  for (let i: u32 = 0; i < count; i++) {
    const code = codes + <usize>i * width;
    v128.store(rowAddress(fronts, first + i, 16, MAX_PAGE_BITS), v128.load(code));
    if (rest > 0) memory.copy(rowAddress(rests, first + i, rest, bits), code + 16, rest);
  }
}

/** Says of 32 consecutive rows, a bit each, whether they are at most so far. Few rows are near. */
function near32(distances: usize, limit: v128): u32 {
  const first = i16x8.le_u(v128.load(distances), limit);
  const second = i16x8.le_u(v128.load(distances, 16), limit);
  const third = i16x8.le_u(v128.load(distances, 32), limit);
  const fourth = i16x8.le_u(v128.load(distances, 48), limit);
  if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) return 0;
  const low = <u32>i16x8.bitmask(first) | ((<u32>i16x8.bitmask(second)) << 8);
  return low | ((<u32>i16x8.bitmask(third)) << 16) | ((<u32>i16x8.bitmask(fourth)) << 24);
}

/** Keeps the listed rows that are at most so far; returns how many there are. */
export function within(list: usize, count: u32, distances: usize, farthest: u32, kept: usize): u32 {
  const limit = i16x8.splat(<i16>farthest);
  let size: u32 = 0;
  let i: u32 = 0;
  for (; i + 32 <= count; i += 32) {
    let near = near32(distances + (i << 1), limit);
    while (near !== 0) {
      store<u32>(kept + (size++ << 2), slotAt(list, i + ctz(near)));
      near &= near - 1;
    }
  }
  for (; i < count; i++) {
    if (<u32>load<u16>(distances + (i << 1)) > farthest) continue;
    store<u32>(kept + (size++ << 2), slotAt(list, i));
  }
  return size;
}

/**
 * Keeps the listed rows that can be similar enough; returns how many there are. `cosines` holds, by a row's distance, the
 * largest cosine of the angle between its residual and the query's, `lengths` the lengths of the rows' residuals. Rows
 * farther than `farthest` can't be similar enough, however long they are. Copies the distances of those that are kept.
 */
export function withinReach(
  list: usize,
  count: u32,
  distances: usize,
  farthest: u32,
  cosines: usize,
  lengths: usize,
  queryLength: f64,
  least: f64,
  kept: usize,
  keptDistances: usize,
): u32 {
  const limit = i16x8.splat(<i16>farthest);
  let size: u32 = 0;
  let i: u32 = 0;
  for (; i + 32 <= count; i += 32) {
    let near = near32(distances + (i << 1), limit);
    while (near !== 0) {
      const row = i + ctz(near);
      near &= near - 1;
      size += keepIfReaching(list, row, distances, cosines, lengths, queryLength, least, kept, keptDistances, size);
    }
  }
  for (; i < count; i++) {
    if (<u32>load<u16>(distances + (i << 1)) > farthest) continue;
    size += keepIfReaching(list, i, distances, cosines, lengths, queryLength, least, kept, keptDistances, size);
  }
  return size;
}

/** Storing every row and counting those that reach takes less time than a branch that nobody can foresee. */
function keepIfReaching(
  list: usize,
  row: u32,
  distances: usize,
  cosines: usize,
  lengths: usize,
  queryLength: f64,
  least: f64,
  kept: usize,
  keptDistances: usize,
  size: u32,
): u32 {
  const slot = slotAt(list, row);
  const distance = load<u16>(distances + (row << 1));
  const cosine: f64 = load<f32>(cosines + ((<usize>distance) << 2));
  const length: f64 = load<f32>(rowAddress(lengths, slot, 4, MAX_PAGE_BITS));
  store<u32>(kept + (size << 2), slot);
  store<u16>(keptDistances + (size << 1), distance);
  return u32(length * (queryLength * cosine - 0.5 * length) >= least);
}
