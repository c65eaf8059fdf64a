import { boundByBits1, candidatesByHamming } from './binary-scan.ts';
import { boundByCodes, floorByCodes } from './code-bounds.ts';
import { withoutCopies } from './copies.ts';
import type { InMemoryIndex } from './in-memory-index.ts';
import { type Neighbour, type ReadVectors, Rescoring } from './rescore.ts';
import type { SlotList } from './wasm-arena.ts';

/** A row that can reach the floor is left out for its four bits with a chance of 1 in 740: in standard deviations. */
const SIGMAS = 3;

/**
 * The floor is that of k rows, less so many standard deviations. Rows that are alike are wrong alike: if it were too high, it
 * would rule everything out.
 */
const FLOOR_SIGMAS = 4;

/** Similarities that differ by less are taken for equal: it is what 32-bit arithmetic may get wrong. */
const EQUAL_WITHIN = 5e-7;

/** Vectors that are read by one-bit codes alone at most: reading more takes longer than reading the codes of all rows once. */
const MAX_READ_BY_BITS1 = 1_000;

/**
 * Finds nearly all of the k nearest of the listed rows. Codes say how similar a row can be, and are wrong about one row in
 * some hundred: one bit a dimension rules most rows out, four bits most others, and the vectors themselves are read, the
 * likeliest first, until no row that is left can be among the k. However many those are, none is left out for their number.
 *
 * @returns `undefined` if only one-bit codes are held, and they leave so many that the codes of four bits should be read
 */
export function fastSearch(
  rows: InMemoryIndex,
  query: Float32Array,
  list: SlotList,
  k: number,
  readVectors: ReadVectors,
): Neighbour[] | undefined {
  rows.query.set(query);
  const rescoring = new Rescoring(rows, query, k, readVectors, EQUAL_WITHIN);
  const share = 1 / Math.sqrt(rows.width - 1);
  let floor = Number.NEGATIVE_INFINITY;
  const candidates = candidatesByHamming(rows, list, k, (probes) => {
    if (rows.high === undefined) rescoring.readLikeliest(boundByBits1(rows, probes, floor));
    floor =
      rows.high === undefined ? rescoring.floor : floorByCodes(rows, probes, FLOOR_SIGMAS * share, k) - EQUAL_WITHIN;
    return floor;
  });
  const bounded =
    rows.high === undefined
      ? boundByBits1(rows, candidates, floor)
      : boundByCodes(rows, candidates, 4, { share: SIGMAS * share, slack: 0 }, floor);
  if (rows.high === undefined && bounded.length > MAX_READ_BY_BITS1) return undefined;
  rescoring.readAll(withoutCopies(rows, bounded, k));
  return rescoring.nearest;
}
