import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { VectorSource } from '../table-kit/vector-source.ts';

/** The version of what blocks hold. A processor of the other byte order does not read them: it makes its own. */
const BLOCK_FORMAT = endianness() === 'LE' ? 2 : 0x1_0002;

/**
 * Returns the format of a source's blocks: the version of all blocks, and a fingerprint of the expressions that their columns
 * were made with. Blocks of another format are not read, since they may lack what a filter asks for.
 */
export function formatOf({ from, key, vector, model, keyword, numeric }: VectorSource): number {
  const columns = JSON.stringify([from, key, vector, model, Object.entries(keyword), Object.entries(numeric)]);
  const fingerprint = createHash('sha256').update(columns).digest().readUInt32BE();
  return fingerprint * 2 ** 20 + BLOCK_FORMAT;
}

/** Rows whose keys differ in the last 10 bits alone share a block. */
export const BLOCK_BITS = 10;

/**
 * The numbers that each row has besides its code: the length of its residual, the dot product of residual and centroid, and
 * of what four, and then eight bits say, the parts along the residual and across it (see `quantize` in the kernels).
 */
export const FACTORS = 6;

/** Bytes of a one-bit code that are looked at first. */
export const FRONT_BYTES = 16;

/** The parts of a block, as the database names and keeps them: `sketches` are the one-bit codes. */
export interface BlockParts {
  readonly rows: Uint8Array;
  readonly sketches: Uint8Array;
  readonly high: Uint8Array;
  readonly low: Uint8Array;
}

/**
 * The precision of the codes in memory: the first bit of each, the first four, or all eight. A process that asks once
 * reads the first bits alone; exact searches need all.
 */
export type Precision = 'bits1' | 'bits4' | 'bits8';

/** The parts of a block that each precision needs. */
export const PARTS: Readonly<Record<Precision, readonly string[]>> = {
  bits1: ['rows', 'sketches'],
  bits4: ['rows', 'sketches', 'high'],
  bits8: ['rows', 'sketches', 'high', 'low'],
};
