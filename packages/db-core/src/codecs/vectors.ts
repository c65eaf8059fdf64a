import { endianness } from 'node:os';
import { types } from 'node:util';
import { InvalidInputError } from '../errors/index.ts';
import { requireBytes, requireInteger } from '../validation.ts';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The most numbers of a vector: codes of more have no room in the vector index. */
export const MAX_DIMENSIONS = 65_536;

const littleEndian = endianness() === 'LE';

/**
 * Checks a vector before it goes near SQL.
 *
 * A zero vector has no direction: it is accepted and is similar to nothing (similarity 0).
 *
 * @param dimensions - how many numbers it must have, if that is known
 * @throws InvalidInputError when it is empty, has other dimensions or more than 65,536, or holds `NaN` or an infinity
 */
export function assertVector(vector: Float32Array, field = 'embedding', dimensions?: number): void {
  if (!types.isFloat32Array(vector)) throw new InvalidInputError(field, 'expected a Float32Array');
  if (vector.length === 0) throw new InvalidInputError(field, 'expected at least one number');
  if (vector.length > MAX_DIMENSIONS) {
    throw new InvalidInputError(field, `expected at most ${MAX_DIMENSIONS} dimensions, got ${vector.length}`);
  }
  if (dimensions !== undefined && vector.length !== requireInteger(dimensions, 'dimensions')) {
    throw new InvalidInputError(field, `expected ${dimensions} dimensions, got ${vector.length}`);
  }
  for (let i = 0; i < vector.length; i++) {
    if (!Number.isFinite(vector[i])) throw new InvalidInputError(field, `number ${i} is not finite`);
  }
}

/** Encodes a vector as raw little-endian float32: the view's own numbers, not the buffer behind it. */
export function encodeVector(vector: Float32Array, field = 'embedding'): Uint8Array {
  assertVector(vector, field);
  return inFileOrder(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).slice());
}

/**
 * Decodes raw little-endian float32, in place where it can: the vector shares the blob's memory.
 *
 * @returns the vector, or `undefined` if the blob is not an integer of floats
 */
export function decodeVector(blob: Uint8Array): Float32Array | undefined {
  requireBytes(blob, 'blob');
  if (blob.byteLength === 0 || blob.byteLength % BYTES !== 0) return undefined;
  if (littleEndian && types.isArrayBuffer(blob.buffer) && blob.byteOffset % BYTES === 0) {
    return new Float32Array(blob.buffer, blob.byteOffset, blob.byteLength / BYTES);
  }
  return new Float32Array(inFileOrder(new Uint8Array(blob)).buffer);
}

function inFileOrder(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (!littleEndian) Buffer.from(bytes.buffer).swap32();
  return bytes;
}

/**
 * The cosine of the angle between two vectors of the same dimensions: 1 for the same direction, 0 where either is zero.
 *
 * @throws InvalidInputError when their dimensions differ
 */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  if (!(types.isFloat32Array(a) && types.isFloat32Array(b)))
    throw new InvalidInputError('embedding', 'expected two Float32Arrays');
  if (a.length !== b.length)
    throw new InvalidInputError('embedding', `expected ${a.length} dimensions, got ${b.length}`);
  let dot = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  const lengths = Math.sqrt(squaresA) * Math.sqrt(squaresB);
  return lengths === 0 ? 0 : dot / lengths;
}
