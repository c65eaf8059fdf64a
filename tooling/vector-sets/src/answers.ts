import type { VectorSet } from './vector-set.ts';

/** Similarities that differ by less count as equal. */
const TOLERANCE = 1e-6;

/**
 * Returns for each question how similar the k-th of the right answers is, by looking at every one of the first rows of a set.
 * A vector of zeros is similar to nothing.
 */
export function similaritiesToReach(
  set: VectorSet,
  rows: number,
  questions: readonly Float32Array[],
  k: number,
): number[] {
  const unit = questions.map(normalised);
  const best = questions.map(() => new Float64Array(k).fill(Number.NEGATIVE_INFINITY));
  for (let row = 0; row < rows; row++) {
    const vector = normalised(set.at(row));
    for (const [question, top] of best.entries()) {
      const similarity = dot(vector, unit[question] ?? vector);
      if (similarity <= (top[0] ?? 0)) continue;
      top[0] = similarity;
      top.sort();
    }
  }
  return best.map((top) => top[0] ?? Number.NaN);
}

/** The share of k results that are as similar as the k-th of the right answers. */
export function recallBySimilarity(similarities: readonly number[], toReach: number, k: number): number {
  return similarities.filter((similarity) => similarity >= toReach - TOLERANCE).length / k;
}

function normalised(vector: Float32Array): Float64Array {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] ?? 0) ** 2;
  const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares);
  return Float64Array.from(vector, (value) => value * scale);
}

/** Four sums side by side: a processor adds them at once. */
function dot(a: Float64Array, b: Float64Array): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 4 <= a.length; i += 4) {
    sum0 += (a[i] ?? 0) * (b[i] ?? 0);
    sum1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    sum2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    sum3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < a.length; i++) sum0 += (a[i] ?? 0) * (b[i] ?? 0);
  return sum0 + sum1 + sum2 + sum3;
}
