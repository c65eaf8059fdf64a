import { cosineSimilarity, decodeVector } from '../codecs/vectors.ts';
import type { Bounded } from './code-bounds.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { TopK } from './top-k.ts';

/** A row's key and how similar its vector is to the query: the cosine, from -1 to 1. */
export interface Neighbour {
  readonly key: number;
  readonly similarity: number;
}

/** Reads vectors from the database by the keys of their rows. */
export type ReadVectors = (keys: readonly number[]) => Iterable<{ key: number; vector: Uint8Array }>;

/** Computes the exact similarity of rows. Those that are gone are left out. */
export function rescore(query: Float32Array, keys: readonly number[], readVectors: ReadVectors): Neighbour[] {
  const rescored: Neighbour[] = [];
  for (const { key, vector } of readVectors(keys)) {
    const decoded = decodeVector(vector);
    if (decoded?.length !== query.length) continue;
    rescored.push({ key, similarity: cosineSimilarity(query, decoded) });
  }
  return rescored;
}

/** Puts the most similar first, ties by ascending key, and keeps k. */
export function nearest(neighbours: Neighbour[], k: number): Neighbour[] {
  return neighbours.sort((a, b) => b.similarity - a.similarity || a.key - b.key).slice(0, k);
}

/**
 * Finds the k nearest of rows whose similarities are bounded from above: reads the vectors of the likeliest first, ever more at
 * a time, until no row that is left can be among the k (Seidl and Kriegel 1998, "Optimal multi-step k-nearest neighbor
 * search").
 */
export class Rescoring {
  readonly #rows: InMemoryIndex;
  readonly #query: Float32Array;
  readonly #k: number;
  readonly #readVectors: ReadVectors;
  readonly #tolerance: number;
  readonly #read = new Set<number>();
  #best: Neighbour[] = [];

  /** @param tolerance - rows that can be better by less than this are left out */
  constructor(rows: InMemoryIndex, query: Float32Array, k: number, readVectors: ReadVectors, tolerance: number) {
    this.#rows = rows;
    this.#query = query;
    this.#k = k;
    this.#readVectors = readVectors;
    this.#tolerance = tolerance;
  }

  /** The k nearest of those that were read, the most similar first. */
  get nearest(): Neighbour[] {
    return this.#best;
  }

  /** The similarity that a row must be able to have to be read; -Infinity until k rows were read. */
  get floor(): number {
    return (this.#best[this.#k - 1]?.similarity ?? Number.NEGATIVE_INFINITY) + this.#tolerance;
  }

  /** Reads some of the likeliest, to know a floor. */
  readLikeliest(bounded: readonly Bounded[]): void {
    const likeliest = new TopK(2 * this.#k);
    for (const { upper } of bounded) likeliest.add(upper);
    this.#readSome(bounded.filter(({ upper }) => upper >= likeliest.threshold).slice(0, 2 * this.#k));
  }

  /** Reads all that can be among the k nearest. */
  readAll(bounded: readonly Bounded[]): void {
    const likeliestFirst = bounded.toSorted((a, b) => b.upper - a.upper);
    for (let start = 0, size = 2 * this.#k; start < likeliestFirst.length; start += size, size *= 2) {
      const floor = this.floor;
      const some = likeliestFirst.slice(start, start + size).filter(({ upper }) => upper >= floor);
      if (some.length === 0) return;
      this.#readSome(some);
    }
  }

  #readSome(bounded: readonly Bounded[]): void {
    const fresh = bounded.filter(({ slot }) => !this.#read.has(slot));
    for (const { slot } of fresh) this.#read.add(slot);
    const keys = fresh.map(({ slot }) => this.#rows.keys[slot] ?? 0);
    this.#best = nearest([...this.#best, ...rescore(this.#query, keys, this.#readVectors)], this.#k);
  }
}
