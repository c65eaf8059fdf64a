import { endianness } from 'node:os';
import type { VectorSource } from '../table-kit/vector-source.ts';

/** The version of what blocks hold. A processor of the other byte order does not read them: it makes its own. */
const BLOCK_FORMAT = endianness() === 'LE' ? 2 : 0x1_0002;

/** The version of what the blocks of a source hold: it changes with the format of all blocks and with the source's attributes. */
export function formatOf({ layout }: Pick<VectorSource, 'layout'>): number {
  return BLOCK_FORMAT + layout * 0x100;
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
