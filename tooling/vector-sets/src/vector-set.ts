/** Vectors of one length, one after the other. */
export interface VectorSet {
  readonly dimensions: number;
  readonly count: number;
  at(index: number): Float32Array;
}

/** Looks at consecutive numbers as vectors. */
export function vectorSet(values: Float32Array, dimensions: number): VectorSet {
  return {
    dimensions,
    count: values.length / dimensions,
    at: (index) => values.subarray(index * dimensions, (index + 1) * dimensions),
  };
}

/** Draws vectors one after the other into a set. */
export function drawSet(count: number, dimensions: number, draw: () => ArrayLike<number>): VectorSet {
  const values = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) values.set(draw(), row * dimensions);
  return vectorSet(values, dimensions);
}
