import type { Arena } from './arena.ts';
import type { VectorEncoder } from './vector-encoder.ts';

const LARGEST_CODE = 127;

/** What 32-bit arithmetic may get wrong in a similarity, many times over. */
const ROUNDING = 1e-4;

/** A query as the kernels compare it with rows: whole numbers of 8 bits, and a sketch. */
export class QueryCode {
  /** The address of the numbers, one byte a dimension. */
  readonly numbers: number;
  /** The address of the sketch. */
  readonly sketch: number;
  #unit = 0;
  #sum = 0;
  #centreSimilarity = 0;
  #error = 0;
  #centreLength = 0;

  readonly #arena: Arena;
  readonly #encoder: VectorEncoder;

  constructor(arena: Arena, encoder: VectorEncoder) {
    this.#arena = arena;
    this.#encoder = encoder;
    this.numbers = arena.allocate(encoder.width);
    this.sketch = arena.allocate(encoder.width / 8);
  }

  /** Takes a query. */
  set(query: Float32Array): void {
    const { width, centre } = this.#encoder;
    const turned = this.#encoder.turn(query);
    const numbers = new Int8Array(this.#arena.kernels.memory.buffer, this.numbers, width);
    const sketch = this.#arena.words(this.sketch, width / 32).fill(0);
    let largest = 0;
    for (const number of turned) largest = Math.max(largest, Math.abs(number));
    this.#unit = largest / LARGEST_CODE;
    this.#sum = 0;
    this.#centreSimilarity = 0;
    let squaredError = 0;
    let squaredCentre = 0;
    for (let i = 0; i < width; i++) {
      const number = turned[i] ?? 0;
      const middle = centre[i] ?? 0;
      const code = this.#unit === 0 ? 0 : Math.round(number / this.#unit);
      numbers[i] = code;
      if (number >= middle) sketch[i >> 5] = (sketch[i >> 5] ?? 0) | (1 << (i & 31));
      this.#sum += code;
      this.#centreSimilarity += number * middle;
      squaredError += (number - code * this.#unit) ** 2;
      squaredCentre += middle ** 2;
    }
    this.#error = Math.sqrt(squaredError);
    this.#centreLength = Math.sqrt(squaredCentre);
  }

  /** What stays the same for all rows, so that a loop over them multiplies once and adds once. */
  terms(): SimilarityTerms {
    // |<q, x> - <q', x'>| <= |q'| |x - x'| + |q - q'| |x|, by Cauchy and Schwarz; x, relative to the centre, is at most this long.
    const longest = 1 + this.#centreLength;
    return {
      base: this.#centreSimilarity,
      unit: this.#unit,
      coarseOffset: 120 * this.#sum,
      fineOffset: 127.5 * this.#sum,
      errorWeight: 1 + this.#error,
      errorBase: this.#error * longest + ROUNDING,
    };
  }
}

/**
 * How a row's similarity follows from its dot product with the query's code: `base + unit * step * (16 * high - coarseOffset)`
 * from its first four bits, `base + unit * step * (16 * high + low - fineOffset)` from all eight; off by at most
 * `errorBase + errorWeight * error`, where `error` is the row's.
 */
export interface SimilarityTerms {
  readonly base: number;
  readonly unit: number;
  readonly coarseOffset: number;
  readonly fineOffset: number;
  readonly errorWeight: number;
  readonly errorBase: number;
}
