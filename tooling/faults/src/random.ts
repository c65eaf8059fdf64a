/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A vector of small whole numbers: many are alike, as those of similar texts are. */
export function randomVector(next: () => number, dimensions = 16): Float32Array {
  return Float32Array.from({ length: dimensions }, () => Math.floor(next() * 5) - 2);
}
