import { requireArray, requireInteger, requireObject } from '../validation.ts';

/** Softens the difference between the first ranks; the value of the paper. */
const RANK_CONSTANT = 60;

/** The rank of a result in each ranking that has it, counted from 1. */
export type Ranks<Ranking extends string> = { readonly [Name in Ranking]?: number };

/** A result of several rankings. */
export interface Fused<Ranking extends string> {
  readonly key: number;
  /** The sum of `1 / (60 + rank)` over its ranks: the larger, the better. */
  readonly score: number;
  readonly ranks: Ranks<Ranking>;
}

/**
 * Makes one ranking of several whose scores can't be compared, by the ranks alone: reciprocal rank fusion (Cormack, Clarke
 * and Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods").
 *
 * @param rankings - the keys of each, the best first
 * @returns the best first, ties by ascending key
 */
export function fuseRankings<Ranking extends string>(
  rankings: Readonly<Record<Ranking, readonly number[]>>,
): Fused<Ranking>[] {
  const fused = new Map<number, { score: number; ranks: { [Name in Ranking]?: number } }>();
  for (const name in requireObject(rankings, 'rankings')) {
    for (const [index, key] of requireArray(rankings[name], 'rankings').entries()) {
      requireInteger(key, 'rankings');
      const rank = index + 1;
      const { score, ranks } = fused.get(key) ?? { score: 0, ranks: {} };
      fused.set(key, { score: score + 1 / (RANK_CONSTANT + rank), ranks: { ...ranks, [name]: rank } });
    }
  }
  return [...fused]
    .map(([key, { score, ranks }]) => ({ key, score, ranks }))
    .sort((a, b) => b.score - a.score || a.key - b.key);
}
