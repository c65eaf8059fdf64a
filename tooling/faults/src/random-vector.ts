/** A vector of small whole numbers: many are alike, as those of similar texts are. */
export function randomVector(next: () => number, dimensions = 16): Float32Array {
  return Float32Array.from({ length: dimensions }, () => Math.floor(next() * 5) - 2);
}
