import { seededRandom } from '@codebuddy/db-core/testing';

/** Vectors of one length, one after the other. */
export interface VectorSet {
  readonly dimensions: number;
  readonly count: number;
  at(index: number): Float32Array;
}

const TOPICS = 60;
const CLUSTERS = 3_000;

/**
 * Makes vectors that lie as embeddings of text do: in clusters of uneven size within topics, off the origin, with a few
 * dimensions that say much and many that say little. Normalised; the same for the same seed.
 */
export function clustered(count: number, dimensions: number, seed: number): VectorSet {
  const next = seededRandom(seed);
  const gauss = gaussian(next);
  const spread = Float64Array.from({ length: dimensions }, (_, i) => 1 / Math.sqrt(1 + i / 24));
  const draw = (scale: number) => spread.map((width) => gauss() * width * scale);
  const mean = draw(0.4);
  const topics = Array.from({ length: TOPICS }, () => draw(0.7));
  const clusters = Array.from({ length: CLUSTERS }, () => {
    const topic = topics[Math.floor(next() * TOPICS)] ?? mean;
    return draw(0.7).map((value, i) => value + (topic[i] ?? 0) + (mean[i] ?? 0));
  });
  const values = new Float32Array(count * dimensions);
  const vector = new Float64Array(dimensions);
  for (let row = 0; row < count; row++) {
    const cluster = clusters[Math.floor(CLUSTERS * next() ** 1.5)] ?? mean;
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      const value = (cluster[i] ?? 0) + gauss() * (spread[i] ?? 0) * 0.8;
      vector[i] = value;
      squares += value * value;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < dimensions; i++) values[row * dimensions + i] = (vector[i] ?? 0) * scale;
  }
  return vectorSet(values, dimensions);
}

/** Looks at consecutive numbers as vectors. */
export function vectorSet(values: Float32Array, dimensions: number): VectorSet {
  return {
    dimensions,
    count: values.length / dimensions,
    at: (index) => values.subarray(index * dimensions, (index + 1) * dimensions),
  };
}

/** The polar method (Marsaglia and Bray 1964). */
function gaussian(next: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
}
