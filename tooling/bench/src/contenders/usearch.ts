import type { VectorSet } from '@codebuddy/vector-sets';
import { loadPeer } from '../peers.ts';

/** usearch's graph (HNSW) of float32 vectors. */
export class Usearch {
  readonly #make;
  readonly #dimensions: number;
  #index;

  private constructor(Index: new (options: object) => UsearchIndex, dimensions: number) {
    this.#dimensions = dimensions;
    this.#make = (expansion: number) =>
      new Index({
        metric: 'cos',
        quantization: 'f32',
        connectivity: 16,
        dimensions,
        expansion_add: 128,
        expansion_search: expansion,
      });
    this.#index = this.#make(128);
  }

  static async create(dimensions: number): Promise<Usearch> {
    const { Index } = await loadPeer('usearch');
    return new Usearch(Index, dimensions);
  }

  load(vectors: VectorSet, rows: number): void {
    const keys = BigUint64Array.from({ length: rows }, (_, row) => BigInt(row));
    const all = new Float32Array(rows * this.#dimensions);
    for (let row = 0; row < rows; row++) all.set(vectors.at(row), row * this.#dimensions);
    this.#index.add(keys, all, 2);
  }

  add(row: number, vector: Float32Array): void {
    this.#index.add(BigInt(row), vector, 1);
  }

  search(query: Float32Array, k: number): number[] {
    return Array.from(this.#index.search(query, k, 1).keys, Number);
  }

  /** How many nodes a search keeps in view can only be said when an index is made. */
  withExpansion(expansion: number, file: string): void {
    this.#index.save(file);
    this.#index = this.#make(expansion);
    this.#index.load(file);
  }
}

interface UsearchIndex {
  add(keys: bigint | BigUint64Array, vectors: Float32Array, threads: number): void;
  search(query: Float32Array, k: number, threads: number): { keys: BigUint64Array };
  save(file: string): void;
  load(file: string): void;
}
