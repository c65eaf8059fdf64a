import { gaussian } from './gaussian.ts';
import type { VectorSet } from './vector-set.ts';

/** How far questions are from the vector they were made from, as a share of its length. */
const NOISE = [0.001, 0.01, 0.1];

/**
 * Makes questions about the first rows of a set: half of them are stored vectors with noise, half are vectors of the same
 * distribution that are not stored.
 *
 * @param rows - how many vectors are stored; the set has at least half as many more as there are questions
 * @param next - a generator of numbers from 0 to 1
 */
export function askAbout(set: VectorSet, rows: number, questions: number, next: () => number): Float32Array[] {
  const gauss = gaussian(next);
  return Array.from({ length: questions }, (_, question) => {
    if (question % 2 === 1) return set.at(rows + (question >> 1));
    const stored = set.at(Math.floor(next() * rows));
    const noise = stored.map(() => gauss());
    const scale = ((NOISE[(question >> 1) % NOISE.length] ?? 0) * length(stored)) / length(noise);
    return stored.map((value, i) => value + scale * (noise[i] ?? 0));
  });
}

/** Euclidean length. */
function length(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
