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
    known: number,
    distances: number,
    histogram: number,
  ): void;
  hammingFronts(count: number, pages: number, query: number, distances: number, histogram: number): void;
  splitFronts(codes: number, first: number, count: number, width: number, fronts: number, rests: number): void;
  within(list: number, count: number, distances: number, farthest: number, kept: number): number;
  withinReach(
    list: number,
    count: number,
    distances: number,
    farthest: number,
    cosines: number,
    lengths: number,
    queryLength: number,
    least: number,
    kept: number,
    keptDistances: number,
  ): number;
  keepWord(list: number, count: number, pages: number, word: number, kept: number): number;
  keepWords(list: number, count: number, pages: number, wanted: number, kept: number): number;
  dotNibbles(list: number, count: number, pages: number, width: number, query: number, dots: number): void;
  rotate(vector: number, dimensions: number, signs: number, rounds: number): void;
  quantize(
    vector: number,
    dimensions: number,
    front: number,
    rest: number,
    high: number,
    low: number,
    factors: number,
  ): void;
}

/** Returns how many rows of so many bytes a page has, as a power of 2: at most 4096, and no more than take a mebibyte. */
export function pageBits(width: number): number {
  return width <= 256 ? 12 : Math.max(Math.clz32(width - 1) - 12, 0);
}
