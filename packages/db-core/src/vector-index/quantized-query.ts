import type { Quantizer } from './quantizer.ts';
import type { Arena } from './wasm-arena.ts';

const MAX_CODE = 127;

/** A query as the kernels compare it with rows: its residual as integers of 8 bits, and as a one-bit code. */
export class QuantizedQuery {
  /** The address of the integers, one byte a dimension. */
  readonly numbers: number;
  /** The address of the one-bit code. */
  readonly bits1: number;
  readonly #arena: Arena;
  readonly #quantizer: Quantizer;
  #terms: SimilarityTerms = { base: 0, unit: 0, sum: 0, residualLength: 0, codeError: 0 };

  constructor(arena: Arena, quantizer: Quantizer) {
    this.#arena = arena;
    this.#quantizer = quantizer;
    this.numbers = arena.allocate(quantizer.width);
    this.bits1 = arena.allocate(quantizer.width / 8);
  }

  /** The constants of the query, which are the same for all rows. */
  get terms(): SimilarityTerms {
    return this.#terms;
  }

  /** Takes a query. */
  set(query: Float32Array): void {
    const { width, centroid } = this.#quantizer;
    const turned = this.#quantizer.turn(query);
    const numbers = new Int8Array(this.#arena.kernels.memory.buffer, this.numbers, width);
    const bits1 = this.#arena.words(this.bits1, width / 32).fill(0);
    let largest = 0;
    for (let i = 0; i < width; i++) largest = Math.max(largest, Math.abs((turned[i] ?? 0) - (centroid[i] ?? 0)));
    const unit = largest / MAX_CODE;
    let sum = 0;
    let base = 0;
    let squares = 0;
    let squaredError = 0;
    for (let i = 0; i < width; i++) {
      const middle = centroid[i] ?? 0;
      const residual = (turned[i] ?? 0) - middle;
      const code = unit === 0 ? 0 : Math.round(residual / unit);
      numbers[i] = code;
      if (residual >= 0) bits1[i >> 5] = (bits1[i >> 5] ?? 0) | (1 << (i & 31));
      sum += code;
      base += (residual + middle) * middle;
      squares += residual ** 2;
      squaredError += (residual - code * unit) ** 2;
    }
    this.#terms = {
      base,
      unit,
      sum,
      residualLength: Math.sqrt(squares),
      codeError: Math.sqrt(squaredError),
    };
  }
}

/**
 * The terms by which a row's similarity follows from its dot product with the query's code. With the centroid c, the query's
 * residual p and the row's residual o, it is `<p + c, c> + <c, o> + <p, o>`: the first is the `base`, the second a factor of the
 * row, and the third is estimated.
 */
export interface SimilarityTerms {
  readonly base: number;
  /** The number that one of the query's integers stands for. */
  readonly unit: number;
  /** The sum of the query's integers. */
  readonly sum: number;
  readonly residualLength: number;
  /** The distance of the query's residual from its code. */
  readonly codeError: number;
}
