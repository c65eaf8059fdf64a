import { decodeVector } from '../codecs/vectors.ts';
import { FACTORS } from './block-format.ts';
import type { Arena } from './wasm-arena.ts';

/** The kernels work on this many dimensions at a time: vectors are filled up with zeros. */
const DIMENSION_STEP = 128;

/** With fewer, vectors with few numbers that are not zero are not spread evenly: on a circle, nothing is found. */
const ROTATIONS = 4;

/** The addresses that the parts of one code are written to. */
export interface CodeAddresses {
  /** The one-bit codes of the first 128 dimensions, and of the others. */
  readonly front: number;
  readonly rest: number;
  /** The first four bits of all dimensions, and the last four. */
  readonly high: number;
  readonly low: number;
  readonly factors: number;
}

/** Returns how many dimensions the codes of vectors have. */
export function codeDimensions(dimensions: number): number {
  return Math.ceil(dimensions / DIMENSION_STEP) * DIMENSION_STEP;
}

/**
 * Turns vectors into short codes whose error is known.
 *
 * A vector is brought to length 1, turned by a random orthogonal matrix (signs and Hadamard transforms: Ailon and Chazelle
 * 2009, "The Fast Johnson-Lindenstrauss Transform"), which spreads what it says evenly over its dimensions, and taken
 * relative to the centroid of its like. What is left is rounded to 8 bits a dimension. The first of the 8 alone is the
 * one-bit code of RaBitQ (Gao and Long 2024, https://arxiv.org/abs/2405.12497).
 */
export class Quantizer {
  /** Dimensions of the codes. */
  readonly width: number;
  /** The vector that is subtracted from rotated vectors. */
  readonly centroid: Float32Array;
  readonly #arena: Arena;
  readonly #vector: number;
  readonly #signs: number;

  constructor(arena: Arena, dimensions: number, centroid?: Float32Array) {
    this.width = codeDimensions(dimensions);
    this.centroid = centroid ?? new Float32Array(this.width);
    this.#arena = arena;
    this.#vector = arena.allocate(this.width * 4);
    this.#signs = arena.allocate(this.width * ROTATIONS * 4);
    arena.floats(this.#signs, this.width * ROTATIONS).set(randomSigns(this.width * ROTATIONS));
  }

  /** Encodes a vector as it lies in the database. */
  encode(bytes: Uint8Array, addresses: CodeAddresses): void {
    const turned = this.turn(decodeVector(bytes) ?? new Float32Array());
    let centroidDot = 0;
    for (let i = 0; i < turned.length; i++) {
      const middle = this.centroid[i] ?? 0;
      const residual = Math.fround((turned[i] ?? 0) - middle);
      turned[i] = residual;
      centroidDot += residual * middle;
    }
    const { front, rest, high, low, factors } = addresses;
    this.#arena.kernels.quantize(this.#vector, this.width, front, rest, high, low, factors);
    this.#arena.floats(factors, FACTORS)[1] = centroidDot;
  }

  /** Returns a vector brought to length 1 and turned. The next call overwrites it. */
  turn(vector: Float32Array): Float32Array {
    const turned = this.#arena.floats(this.#vector, this.width);
    const length = euclideanLength(vector);
    const scale = length === 0 ? 0 : 1 / length;
    for (let i = 0; i < vector.length; i++) turned[i] = (vector[i] ?? 0) * scale;
    turned.fill(0, vector.length);
    this.#arena.kernels.rotate(this.#vector, this.width, this.#signs, ROTATIONS);
    return turned;
  }
}

/** The same signs everywhere, since codes are stored: the high bits of a xorshift generator (Marsaglia 2003). */
function randomSigns(count: number): Float32Array {
  const signs = new Float32Array(count);
  let state = 0x9e37_79b9;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    signs[i] = state < 0 ? -1 : 1;
  }
  return signs;
}

function euclideanLength(vector: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] ?? 0) ** 2;
  return Math.sqrt(squares);
}
