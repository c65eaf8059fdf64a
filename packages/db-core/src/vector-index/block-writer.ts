import { Arena } from './arena.ts';
import { encodeBlockRows, toAttributeBlock } from './block-codec.ts';
import type { VectorRow } from './read-row.ts';
import { VectorEncoder } from './vector-encoder.ts';

const FACTORS = 3;

/** The parts of a block, as the database keeps them. */
export interface BlockParts {
  readonly rows: Uint8Array;
  readonly sketches: Uint8Array;
  readonly high: Uint8Array;
  readonly low: Uint8Array;
}

/** Encodes the rows of one space's blocks. */
export class BlockWriter {
  readonly #arena = new Arena();
  readonly #dimensions: number;
  #encoder: VectorEncoder;
  readonly #sketch: number;
  readonly #high: number;
  readonly #low: number;
  readonly #factors: number;

  constructor(dimensions: number, centre: Float32Array | undefined) {
    this.#dimensions = dimensions;
    this.#encoder = new VectorEncoder(this.#arena, dimensions, centre);
    const { width } = this.#encoder;
    this.#sketch = this.#arena.allocate(width / 8);
    this.#high = this.#arena.allocate(width / 2);
    this.#low = this.#arena.allocate(width / 2);
    this.#factors = this.#arena.allocate(FACTORS * 4);
  }

  /** Takes the mean of some vectors, brought to length 1 and turned, as the centre that codes are relative to. */
  recentre(vectors: readonly Float32Array[]): Float32Array {
    const mean = new Float64Array(this.#encoder.width);
    for (const vector of vectors) {
      const turned = this.#encoder.turn(vector);
      for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (turned[i] ?? 0) / vectors.length;
    }
    const centre = Float32Array.from(mean);
    this.#encoder = new VectorEncoder(this.#arena, this.#dimensions, centre);
    return centre;
  }

  /** Encodes the rows of a block. */
  encode(rows: readonly VectorRow[], firstKey: number, words: number, numbers: number): BlockParts {
    const { width } = this.#encoder;
    const sketches = new Uint8Array((rows.length * width) / 8);
    const high = new Uint8Array((rows.length * width) / 2);
    const low = new Uint8Array((rows.length * width) / 2);
    const factors = new Float32Array(rows.length * FACTORS);
    for (const [slot, { vector }] of rows.entries()) {
      this.#encoder.encode(vector, {
        sketch: this.#sketch,
        high: this.#high,
        low: this.#low,
        factors: this.#factors,
      });
      sketches.set(this.#arena.bytes(this.#sketch, width / 8), (slot * width) / 8);
      high.set(this.#arena.bytes(this.#high, width / 2), (slot * width) / 2);
      low.set(this.#arena.bytes(this.#low, width / 2), (slot * width) / 2);
      factors.set(this.#arena.floats(this.#factors, FACTORS), slot * FACTORS);
    }
    const offsets = Uint16Array.from(rows, ({ key }) => key - firstKey);
    const attributes = toAttributeBlock(rows, words, numbers);
    return { rows: encodeBlockRows({ offsets, factors, attributes }), sketches, high, low };
  }
}
