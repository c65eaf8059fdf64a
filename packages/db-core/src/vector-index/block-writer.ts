import { encodeBlockRows, toAttributeBlock } from './block-codec.ts';
import { type BlockParts, FACTORS, FRONT_BYTES } from './block-format.ts';
import { Quantizer } from './quantizer.ts';
import type { VectorRow } from './source-rows.ts';
import { Arena, Scratch } from './wasm-arena.ts';

/** Encodes the rows of one space's blocks. */
export class BlockWriter {
  readonly #arena = new Arena();
  readonly #dimensions: number;
  #quantizer: Quantizer;
  readonly #planes: Readonly<Record<'bits1' | 'high' | 'low' | 'factors', Scratch>>;

  constructor(dimensions: number, centroid: Float32Array | undefined) {
    this.#dimensions = dimensions;
    this.#quantizer = new Quantizer(this.#arena, dimensions, centroid);
    const plane = () => new Scratch(this.#arena);
    this.#planes = { bits1: plane(), high: plane(), low: plane(), factors: plane() };
  }

  /** Takes the mean of some vectors, brought to length 1 and turned, as the centroid that codes are relative to. */
  recomputeCentroid(vectors: readonly Float32Array[]): Float32Array {
    const mean = new Float64Array(this.#quantizer.width);
    for (const vector of vectors) {
      const turned = this.#quantizer.turn(vector);
      for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] ?? 0) + (turned[i] ?? 0) / vectors.length;
    }
    const centroid = Float32Array.from(mean);
    this.#quantizer = new Quantizer(this.#arena, this.#dimensions, centroid);
    return centroid;
  }

  /** Encodes the rows of a block. */
  encode(rows: readonly VectorRow[], firstKey: number, keywordColumns: number, numericColumns: number): BlockParts {
    const { width } = this.#quantizer;
    const count = rows.length;
    const bits1 = this.#planes.bits1.reserve((count * width) / 8);
    const high = this.#planes.high.reserve((count * width) / 2);
    const low = this.#planes.low.reserve((count * width) / 2);
    const factors = this.#planes.factors.reserve(count * FACTORS * 4);
    const addresses = { front: bits1, rest: bits1 + FRONT_BYTES, high, low, factors };
    for (const { vector } of rows) {
      this.#quantizer.encode(vector, addresses);
      addresses.front += width / 8;
      addresses.rest += width / 8;
      addresses.high += width / 2;
      addresses.low += width / 2;
      addresses.factors += FACTORS * 4;
    }
    const offsets = Uint16Array.from(rows, ({ key }) => key - firstKey);
    const attributes = toAttributeBlock(rows, keywordColumns, numericColumns);
    return {
      rows: encodeBlockRows({ offsets, factors: this.#arena.floats(factors, count * FACTORS), attributes }),
      sketches: this.#arena.bytes(bits1, (count * width) / 8).slice(),
      high: this.#arena.bytes(high, (count * width) / 2).slice(),
      low: this.#arena.bytes(low, (count * width) / 2).slice(),
    };
  }
}
