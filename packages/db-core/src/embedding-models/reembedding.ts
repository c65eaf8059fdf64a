/** A string whose vector is to be made by another model. */
export interface OutdatedText {
  readonly key: number;
  readonly text: string;
}

/** Stored vectors that can be moved to another model: `MemoryRepository` and `EmbeddingRepository` are some. */
export interface ReembeddingTarget {
  /** Counts the texts whose vectors another model made. */
  countOutdated(model: string): number;
  /** Returns some of these texts, in the order of their keys, from a key on. */
  findOutdated(model: string, afterKey: number, limit: number): OutdatedText[];
  /** Puts new vectors in place of the old ones, all or none. */
  replaceVectors(model: string, vectors: readonly (OutdatedText & { readonly embedding: Float32Array })[]): void;
}
