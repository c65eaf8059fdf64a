import type { Quantizer } from './quantizer.ts';
import type { Arena } from './wasm-arena.ts';

const MAX_CODE = 127;

/** A generous bound on the error of 32-bit arithmetic in a similarity. */
const ROUNDING = 1e-4;

/** A query as the kernels compare it with rows: whole numbers of 8 bits, and a one-bit code. */
export class QuantizedQuery {
  /** The address of the numbers, one byte a dimension. */
  readonly numbers: number;
  /** The address of the one-bit code. */
  readonly bits1: number;
  #unit = 0;
  #sum = 0;
  #centroidSimilarity = 0;
  #error = 0;
  #centroidLength = 0;

  readonly #arena: Arena;
  readonly #quantizer: Quantizer;

  constructor(arena: Arena, quantizer: Quantizer) {
    this.#arena = arena;
    this.#quantizer = quantizer;
    this.numbers = arena.allocate(quantizer.width);
    this.bits1 = arena.allocate(quantizer.width / 8);
  }

  /** Takes a query. */
  set(query: Float32Array): void {
    const { width, centroid } = this.#quantizer;
    const turned = this.#quantizer.turn(query);
    const numbers = new Int8Array(this.#arena.kernels.memory.buffer, this.numbers, width);
    const bits1 = this.#arena.words(this.bits1, width / 32).fill(0);
    let largest = 0;
    for (const number of turned) largest = Math.max(largest, Math.abs(number));
    this.#unit = largest / MAX_CODE;
    this.#sum = 0;
    this.#centroidSimilarity = 0;
    let squaredError = 0;
    let squaredCentroid = 0;
    for (let i = 0; i < width; i++) {
      const number = turned[i] ?? 0;
      const middle = centroid[i] ?? 0;
      const code = this.#unit === 0 ? 0 : Math.round(number / this.#unit);
      numbers[i] = code;
      if (number >= middle) bits1[i >> 5] = (bits1[i >> 5] ?? 0) | (1 << (i & 31));
      this.#sum += code;
      this.#centroidSimilarity += number * middle;
      squaredError += (number - code * this.#unit) ** 2;
      squaredCentroid += middle ** 2;
    }
    this.#error = Math.sqrt(squaredError);
    this.#centroidLength = Math.sqrt(squaredCentroid);
  }

  /** The constants of a query, so that a loop over rows multiplies once and adds once. */
  terms(): SimilarityTerms {
    // |<q, x> - <q', x'>| <= |q'| |x - x'| + |q - q'| |x|, by Cauchy and Schwarz; x, relative to the centroid, is at most this long.
    const longest = 1 + this.#centroidLength;
    return {
      base: this.#centroidSimilarity,
      unit: this.#unit,
      bits4Offset: 120 * this.#sum,
      bits8Offset: 127.5 * this.#sum,
      errorWeight: 1 + this.#error,
      errorBase: this.#error * longest + ROUNDING,
    };
  }
}

/**
 * How a row's similarity follows from its dot product with the query's code: `base + unit * step * (16 * high -
 * bits4Offset)` from its first four bits, `base + unit * step * (16 * high + low - bits8Offset)` from all eight; off by
 * at most `errorBase + errorWeight * error`, if `error` is the row's.
 */
export interface SimilarityTerms {
  readonly base: number;
  readonly unit: number;
  readonly bits4Offset: number;
  readonly bits8Offset: number;
  readonly errorWeight: number;
  readonly errorBase: number;
}
