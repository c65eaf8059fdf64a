import { gaussian } from './gaussian.ts';
import { drawSet, type VectorSet } from './vector-set.ts';

const TOPICS = 60;
const CLUSTERS = 3_000;

/**
 * Makes vectors that lie as embeddings of text do: in clusters of uneven size within topics, off the origin, with a few
 * dimensions that say much and many that say little. Normalised.
 *
 * @param next - a generator of numbers from 0 to 1
 */
export function clustered(count: number, dimensions: number, next: () => number): VectorSet {
  const gauss = gaussian(next);
  const spread = Float64Array.from({ length: dimensions }, (_, i) => 1 / Math.sqrt(1 + i / 24));
  const draw = (scale: number) => spread.map((width) => gauss() * width * scale);
  const mean = draw(0.4);
  const topics = Array.from({ length: TOPICS }, () => draw(0.7));
  const clusters = Array.from({ length: CLUSTERS }, () => {
    const topic = topics[Math.floor(next() * TOPICS)] ?? mean;
    return draw(0.7).map((value, i) => value + (topic[i] ?? 0) + (mean[i] ?? 0));
  });
  const vector = new Float64Array(dimensions);
  return drawSet(count, dimensions, () => {
    const cluster = clusters[Math.floor(CLUSTERS * next() ** 1.5)] ?? mean;
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      const value = (cluster[i] ?? 0) + gauss() * (spread[i] ?? 0) * 0.8;
      vector[i] = value;
      squares += value * value;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < dimensions; i++) vector[i] = (vector[i] ?? 0) * scale;
    return vector;
  });
}
