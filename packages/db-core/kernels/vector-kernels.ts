// The inner loops of vector search, in AssemblyScript (https://www.assemblyscript.org): `pnpm kernels` compiles this file
// into src/vector-index/kernels/wasm-module.ts. Every function has a twin in plain-kernels.ts that gives the same
// results, bit for bit; where they look alike, they are meant to.
//
// Rows lie in pages of 4096; `pages` is the address of a table of page addresses. A list names rows by slot; at address 0
// there is none, which stands for all rows.

const PAGE_BITS: u32 = 12;
const PAGE_MASK: u32 = (1 << PAGE_BITS) - 1;

function slotAt(list: usize, place: u32): u32 {
  return list === 0 ? place : load<u32>(list + (place << 2));
}

function rowAddress(pages: usize, slot: u32, width: u32): usize {
  return <usize>load<u32>(pages + ((slot >> PAGE_BITS) << 2)) + <usize>(slot & PAGE_MASK) * width;
}

/** Counts the bits in which each listed one-bit code differs from the query's, and how many rows have each count. */
export function hamming(
  list: usize,
  count: u32,
  pages: usize,
  width: u32,
  query: usize,
  distances: usize,
  histogram: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const bits1 = rowAddress(pages, slotAt(list, i), width);
    let distance: u64 = 0;
    for (let byte: u32 = 0; byte < width; byte += 16) {
      distance += popcnt(load<u64>(bits1 + byte) ^ load<u64>(query + byte));
      distance += popcnt(load<u64>(bits1 + byte, 8) ^ load<u64>(query + byte, 8));
    }
    store<u16>(distances + (i << 1), <u16>distance);
    const bin = histogram + ((<usize>distance) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
  }
}

/** Does as `hamming`, for all rows and 16 bytes of their one-bit codes; one row in four is counted. */
export function hammingFronts(count: u32, pages: usize, query: usize, distances: usize, histogram: usize): void {
  const first = load<u64>(query);
  const second = load<u64>(query, 8);
  for (let start: u32 = 0; start < count; start += PAGE_MASK + 1) {
    const page = <usize>load<u32>(pages + ((start >> PAGE_BITS) << 2));
    const rows = min<u32>(PAGE_MASK + 1, count - start);
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

/** Copies the first 16 bytes of consecutive rows to rows of that width. */
export function copyFronts(first: u32, count: u32, pages: usize, width: u32, fronts: usize): void {
  for (let slot: u32 = first; slot < first + count; slot++) {
    v128.store(rowAddress(fronts, slot, 16), v128.load(rowAddress(pages, slot, width)));
  }
}

/** Appends those of eight rows whose bit is set; returns how many there are by then. */
function keepNear(list: usize, first: u32, near: i32, kept: usize, size: u32): u32 {
  while (near !== 0) {
    store<u32>(kept + (size++ << 2), slotAt(list, first + ctz(near)));
    near &= near - 1;
  }
  return size;
}

/** Keeps the listed rows that are at most so far; returns how many there are. */
export function within(list: usize, count: u32, distances: usize, farthest: u32, kept: usize): u32 {
  const limit = i16x8.splat(<i16>farthest);
  let size: u32 = 0;
  let i: u32 = 0;
  // Few rows are near: 32 at a time are told to be far, and of the others eight at a time.
  for (; i + 32 <= count; i += 32) {
    const at = distances + (i << 1);
    const first = i16x8.le_u(v128.load(at), limit);
    const second = i16x8.le_u(v128.load(at, 16), limit);
    const third = i16x8.le_u(v128.load(at, 32), limit);
    const fourth = i16x8.le_u(v128.load(at, 48), limit);
    if (!v128.any_true(v128.or(v128.or(first, second), v128.or(third, fourth)))) continue;
    size = keepNear(list, i, i16x8.bitmask(first), kept, size);
    size = keepNear(list, i + 8, i16x8.bitmask(second), kept, size);
    size = keepNear(list, i + 16, i16x8.bitmask(third), kept, size);
    size = keepNear(list, i + 24, i16x8.bitmask(fourth), kept, size);
  }
  for (; i < count; i++) {
    if (<u32>load<u16>(distances + (i << 1)) > farthest) continue;
    store<u32>(kept + (size++ << 2), slotAt(list, i));
  }
  return size;
}

/**
 * The dot products of a query of int8 with each listed row of 4-bit codes, 128 dimensions at a time. Each byte holds two
 * codes: the low half one of the first 16 dimensions of 32, the high half one of the last 16.
 *
 * The relaxed instruction leaves open what codes above 127 give; ours end at 15.
 */
export function dotNibbles(list: usize, count: u32, pages: usize, width: u32, query: usize, dots: usize): void {
  const lowHalf = i8x16.splat(15);
  for (let i: u32 = 0; i < count; i++) {
    const codes = rowAddress(pages, slotAt(list, i), width);
    let sums = i32x4.splat(0);
    for (let byte: u32 = 0; byte < width; byte += 64) {
      // Eight sums of two products of at most 127 * 15 fit into 16 bits.
      let partial = i16x8.splat(0);
      for (let part: u32 = 0; part < 64; part += 16) {
        const pair = v128.load(codes + byte + part);
        const numbers = query + ((byte + part) << 1);
        const low = v128.and(pair, lowHalf);
        const high = i8x16.shr_u(pair, 4);
        partial = i16x8.add(partial, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(numbers), low));
        partial = i16x8.add(partial, i16x8.relaxed_dot_i8x16_i7x16_s(v128.load(numbers, 16), high));
      }
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(partial));
    }
    store<i32>(
      dots + (i << 2),
      i32x4.extract_lane(sums, 0) +
        i32x4.extract_lane(sums, 1) +
        i32x4.extract_lane(sums, 2) +
        i32x4.extract_lane(sums, 3),
    );
  }
}

/** Turns a vector by a fixed orthogonal matrix: random signs and a Hadamard transform, as often as there are signs. */
export function rotate(vector: usize, dimensions: u32, signs: usize, rounds: u32): void {
  let span: u32 = 128;
  while (span * 2 <= dimensions) span *= 2;
  const scale = <f32>1 / <f32>Math.sqrt(<f64>span);
  for (let round: u32 = 0; round < rounds; round++) {
    const sign = signs + round * dimensions * 4;
    for (let i: u32 = 0; i < dimensions; i += 4) {
      const at = vector + (i << 2);
      v128.store(at, f32x4.mul(v128.load(at), v128.load(sign + (i << 2))));
    }
    hadamard(vector, span, scale);
    if (span < dimensions) hadamard(vector + ((dimensions - span) << 2), span, scale);
  }
}

function hadamard(vector: usize, span: u32, scale: f32): void {
  for (let i: u32 = 0; i < span; i += 4) {
    const at = vector + (i << 2);
    const a = load<f32>(at);
    const b = load<f32>(at, 4);
    const c = load<f32>(at, 8);
    const d = load<f32>(at, 12);
    const sumAB = a + b;
    const sumCD = c + d;
    const differenceAB = a - b;
    const differenceCD = c - d;
    store<f32>(at, sumAB + sumCD);
    store<f32>(at, differenceAB + differenceCD, 4);
    store<f32>(at, sumAB - sumCD, 8);
    store<f32>(at, differenceAB - differenceCD, 12);
  }
  for (let half: u32 = 4; half < span; half *= 2) {
    for (let start: u32 = 0; start < span; start += 2 * half) {
      for (let i: u32 = start; i < start + half; i += 4) {
        const first = vector + (i << 2);
        const second = first + (half << 2);
        const a = v128.load(first);
        const b = v128.load(second);
        v128.store(first, f32x4.add(a, b));
        v128.store(second, f32x4.sub(a, b));
      }
    }
  }
  const factor = f32x4.splat(scale);
  for (let i: u32 = 0; i < span; i += 4) {
    const at = vector + (i << 2);
    v128.store(at, f32x4.mul(v128.load(at), factor));
  }
}

/**
 * Writes a rotated vector as codes of 8 bits, taken apart: their first bit into the one-bit code, their first four bits into
 * `high`, their last four into `low`. The factors are the width of a code's step, and how far the vector lies from what
 * its first four, and all its eight bits say.
 */
export function quantize(vector: usize, dimensions: u32, bits1: usize, high: usize, low: usize, factors: usize): void {
  let largest: f32 = 0;
  for (let i: u32 = 0; i < dimensions; i++) largest = max(largest, abs(load<f32>(vector + (i << 2))));
  const step = largest / 127.5;
  const perUnit: f32 = step > 0 ? <f32>1 / step : 0;
  let squaredError4: f64 = 0;
  let squaredError8: f64 = 0;
  for (let block: u32 = 0; block < dimensions; block += 32) {
    let bits: u32 = 0;
    for (let i: u32 = 0; i < 32; i++) {
      const number = load<f32>(vector + ((block + i) << 2));
      const code = <u32>min<f32>(max<f32>(floor<f32>(number * perUnit + 128), 0), 255);
      bits |= (code >> 7) << i;
      const error4 = <f64>number - <f64>step * (<f64>(code & 240) - 120);
      const error8 = <f64>number - <f64>step * (<f64>code - 127.5);
      squaredError4 += error4 * error4;
      squaredError8 += error8 * error8;
      const at = (block >> 1) + (i & 15);
      if (i < 16) {
        store<u8>(high + at, <u8>(code >> 4));
        store<u8>(low + at, <u8>(code & 15));
      } else {
        store<u8>(high + at, load<u8>(high + at) | <u8>((code >> 4) << 4));
        store<u8>(low + at, load<u8>(low + at) | <u8>((code & 15) << 4));
      }
    }
    store<u32>(bits1 + (block >> 3), bits);
  }
  store<f32>(factors, step);
  store<f32>(factors, <f32>Math.sqrt(squaredError4), 4);
  store<f32>(factors, <f32>Math.sqrt(squaredError8), 8);
}

/** Keeps the listed rows that have one word; returns how many there are. */
export function keepWord(list: usize, count: u32, pages: usize, word: u32, kept: usize): u32 {
  const wanted = i32x4.splat(word);
  let size: u32 = 0;
  let i: u32 = 0;
  if (list === 0) {
    for (; i + 4 <= count; i += 4) {
      let found = i32x4.bitmask(i32x4.eq(v128.load(rowAddress(pages, i, 4)), wanted));
      while (found !== 0) {
        store<u32>(kept + (size++ << 2), i + ctz(found));
        found &= found - 1;
      }
    }
  }
  for (; i < count; i++) {
    const slot = slotAt(list, i);
    if (load<u32>(rowAddress(pages, slot, 4)) === word) store<u32>(kept + (size++ << 2), slot);
  }
  return size;
}

/** Keeps the listed rows that have one of several words: `wanted` has a byte for each word, 1 where it is one of them. */
export function keepWords(list: usize, count: u32, pages: usize, wanted: usize, kept: usize): u32 {
  let size: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const slot = slotAt(list, i);
    const word = load<u32>(rowAddress(pages, slot, 4));
    if (load<u8>(wanted + word) !== 0) store<u32>(kept + (size++ << 2), slot);
  }
  return size;
}
