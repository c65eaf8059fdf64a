import { cosineSimilarity, decodeVector } from '../codecs/vectors.ts';

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
