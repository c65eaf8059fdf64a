import { Arena, Scratch } from './arena.ts';
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
  readonly #planes: Readonly<Record<'sketch' | 'high' | 'low' | 'factors', Scratch>>;

  constructor(dimensions: number, centre: Float32Array | undefined) {
    this.#dimensions = dimensions;
    this.#encoder = new VectorEncoder(this.#arena, dimensions, centre);
    const plane = () => new Scratch(this.#arena);
    this.#planes = { sketch: plane(), high: plane(), low: plane(), factors: plane() };
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
    const count = rows.length;
    const sketch = this.#planes.sketch.reserve((count * width) / 8);
    const high = this.#planes.high.reserve((count * width) / 2);
    const low = this.#planes.low.reserve((count * width) / 2);
    const factors = this.#planes.factors.reserve(count * FACTORS * 4);
    const places = { sketch, high, low, factors };
    for (const { vector } of rows) {
      this.#encoder.encode(vector, places);
      places.sketch += width / 8;
      places.high += width / 2;
      places.low += width / 2;
      places.factors += FACTORS * 4;
    }
    const offsets = Uint16Array.from(rows, ({ key }) => key - firstKey);
    const attributes = toAttributeBlock(rows, words, numbers);
    return {
      rows: encodeBlockRows({ offsets, factors: this.#arena.floats(factors, count * FACTORS), attributes }),
      sketches: this.#arena.bytes(sketch, (count * width) / 8).slice(),
      high: this.#arena.bytes(high, (count * width) / 2).slice(),
      low: this.#arena.bytes(low, (count * width) / 2).slice(),
    };
  }
}
