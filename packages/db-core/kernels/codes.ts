import { pageBits, rowAddress, slotAt } from './rows';

/**
 * The dot products of a query of int8 with each listed row of 4-bit codes, 128 dimensions at a time. Each byte holds two
 * codes: the low half one of the first 16 dimensions of 32, the high half one of the last 16.
 *
 * The relaxed instruction leaves open what codes above 127 give; ours end at 15.
 */
export function dotNibbles(list: usize, count: u32, pages: usize, width: u32, query: usize, dots: usize): void {
  const lowHalf = i8x16.splat(15);
  const bits = pageBits(width);
  for (let i: u32 = 0; i < count; i++) {
    const codes = rowAddress(pages, slotAt(list, i), width, bits);
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
 * Writes a residual as codes of 8 bits, taken apart: their first bit into the one-bit code, of which 128 dimensions go to
 * `front` and the others to `rest`, their first four bits into
 * `high`, their last four into `low`. The factors are the residual's length, a place that is left as it is, and of what the
 * first four, and then all eight bits say, in steps, the parts along the residual and across it.
 */
export function quantize(
  vector: usize,
  dimensions: u32,
  front: usize,
  rest: usize,
  high: usize,
  low: usize,
  factors: usize,
): void {
  let largest: f32 = 0;
  for (let i: u32 = 0; i < dimensions; i++) largest = max(largest, abs(load<f32>(vector + (i << 2))));
  const step = largest / 127.5;
  const perUnit: f32 = step > 0 ? <f32>1 / step : 0;
  let squares: f64 = 0;
  let squares4: f64 = 0;
  let squares8: f64 = 0;
  let dot4: f64 = 0;
  let dot8: f64 = 0;
  for (let block: u32 = 0; block < dimensions; block += 32) {
    let bits: u32 = 0;
    for (let i: u32 = 0; i < 32; i++) {
      const number = load<f32>(vector + ((block + i) << 2));
      const code = <u32>min<f32>(max<f32>(floor<f32>(number * perUnit + 128), 0), 255);
      bits |= (code >> 7) << i;
      const steps4 = <f64>(code & 240) - 120;
      const steps8 = <f64>code - 127.5;
      squares += <f64>number * <f64>number;
      squares4 += steps4 * steps4;
      squares8 += steps8 * steps8;
      dot4 += <f64>number * steps4;
      dot8 += <f64>number * steps8;
      const at = (block >> 1) + (i & 15);
      if (i < 16) {
        store<u8>(high + at, <u8>(code >> 4));
        store<u8>(low + at, <u8>(code & 15));
      } else {
        store<u8>(high + at, load<u8>(high + at) | <u8>((code >> 4) << 4));
        store<u8>(low + at, load<u8>(low + at) | <u8>((code & 15) << 4));
      }
    }
    store<u32>(block < 128 ? front + (block >> 3) : rest + ((block - 128) >> 3), bits);
  }
  const length = Math.sqrt(squares);
  store<f32>(factors, <f32>length);
  storeParts(factors + 8, squares4, length > 0 ? dot4 / length : 0);
  storeParts(factors + 16, squares8, length > 0 ? dot8 / length : 0);
}

function storeParts(address: usize, squares: f64, along: f64): void {
  store<f32>(address, <f32>along);
  store<f32>(address, <f32>Math.sqrt(max<f64>(squares - along * along, 0)), 4);
}
