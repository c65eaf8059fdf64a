import type { VectorSet } from '@codebuddy/vector-sets';

/** The rows most similar to a query, by looking at every vector. All are of length 1, so the dot product is the cosine. */
export function exactScan(
  vectors: VectorSet,
  rows: number,
  query: Float32Array,
  k: number,
  passes: (row: number) => boolean = () => true,
): number[] {
  const best: { row: number; similarity: number }[] = [];
  for (let row = 0; row < rows; row++) {
    if (!passes(row)) continue;
    const vector = vectors.at(row);
    let similarity = 0;
    for (let i = 0; i < vector.length; i++) similarity += (vector[i] ?? 0) * (query[i] ?? 0);
    if (best.length === k && similarity <= (best.at(-1)?.similarity ?? 0)) continue;
    best.push({ row, similarity });
    best.sort((a, b) => b.similarity - a.similarity);
    if (best.length > k) best.pop();
  }
  return best.map(({ row }) => row);
}

/** The share of what should be found that was. */
export function recall(found: readonly number[], expected: readonly number[]): number {
  const wanted = new Set(expected);
  return found.filter((row) => wanted.has(row)).length / expected.length;
}
