/** The memory that kernels work on: one range of bytes that can grow. All numbers in it are little-endian. */
export interface LinearMemory {
  /** The bytes. Growing replaces the buffer: views made before are of no use then. */
  readonly buffer: ArrayBuffer;
  /** Makes the memory at least this large, in bytes. */
  grow(bytes: number): void;
}

/**
 * The inner loops of vector search. Every argument that names memory is an address, in bytes, in the kernels' memory.
 * What they compute is described in `kernels/vector-kernels.ts`, the source of the WebAssembly.
 */
export interface VectorKernels {
  readonly memory: LinearMemory;
  hamming(
    list: number,
    count: number,
    pages: number,
    width: number,
    query: number,
    distances: number,
    histogram: number,
  ): void;
  hammingFronts(count: number, pages: number, query: number, distances: number, histogram: number): void;
  copyFronts(first: number, count: number, pages: number, width: number, fronts: number): void;
  within(list: number, count: number, distances: number, farthest: number, kept: number): number;
  keepWord(list: number, count: number, pages: number, word: number, kept: number): number;
  keepWords(list: number, count: number, pages: number, wanted: number, kept: number): number;
  dotNibbles(list: number, count: number, pages: number, width: number, query: number, dots: number): void;
  rotate(vector: number, dimensions: number, signs: number, rounds: number): void;
  quantize(vector: number, dimensions: number, bits1: number, high: number, low: number, factors: number): void;
}

/** Rows lie in pages of 2 to this power. */
export const PAGE_BITS = 12;
