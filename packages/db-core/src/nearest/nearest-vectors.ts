import { cosineSimilarity, decodeVector } from '../codecs/vectors.ts';

/** A vector as it lies in the database, with the key of its row. */
export interface StoredVector {
  readonly key: number;
  readonly bytes: Uint8Array;
}

/** A row's key and how similar its vector is to the query: the cosine, from -1 to 1. */
export interface Neighbour {
  readonly key: number;
  readonly similarity: number;
}

/**
 * Finds the vectors most similar to a query, by looking at every one: the most similar first, ties by ascending key.
 * Vectors of other dimensions are passed over.
 *
 * @param topK - how many to return at most
 */
export function nearestVectors(vectors: Iterable<StoredVector>, query: Float32Array, topK: number): Neighbour[] {
  if (topK === 0) return [];
  const best: Neighbour[] = [];
  for (const { key, bytes } of vectors) {
    const vector = decodeVector(bytes);
    if (vector?.length !== query.length) continue;
    const candidate = { key, similarity: cosineSimilarity(query, vector) };
    const last = best[best.length - 1];
    if (best.length === topK && last !== undefined && compare(candidate, last) >= 0) continue;
    best.splice(insertionPoint(best, candidate), 0, candidate);
    if (best.length > topK) best.pop();
  }
  return best;
}

function insertionPoint(best: readonly Neighbour[], candidate: Neighbour): number {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = best[middle];
    if (other !== undefined && compare(other, candidate) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compare(a: Neighbour, b: Neighbour): number {
  return b.similarity - a.similarity || a.key - b.key;
}
