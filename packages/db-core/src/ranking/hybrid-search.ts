import type { Given, NamesOf } from '../known-names/known-names.ts';
import { requireArray, requireFunction, requireInteger, requireNumber, requireObject } from '../validation.ts';
import type { Neighbour } from '../vector-index/rescore.ts';
import { diversify } from './maximal-marginal-relevance.ts';
import { fuseRankings, type Ranks } from './reciprocal-rank-fusion.ts';

/** Each ranking goes this deep, however many results are wanted, so that fewer results are the first of more. */
export const RANKING_DEPTH = 200;

/** Of so many of the best, unlike ones are chosen. */
const DIVERSIFIED = 50;

/** The options of a hybrid search. */
export interface HybridOptions {
  /** The largest number of results, up to 400. Default: 10. */
  readonly limit?: number | null | undefined;
  /** The weight of diversity against rank, from 0 to 1. Default: 0. */
  readonly diversity?: number | null | undefined;
}

/** The names of {@link HybridOptions}. */
export const HYBRID_NAMES: NamesOf<HybridOptions> = { limit: true, diversity: true };

/** A record found by its words, its meaning or both, and why it stands where it stands. */
export interface HybridMatch<Item> {
  readonly item: Item;
  /** Reciprocal rank fusion: the sum of `1 / (60 + rank)` over the ranks. */
  readonly score: number;
  /** Its place, from 1, among what was found by words (`keyword`) and by meaning (`vector`). */
  readonly ranks: Ranks<'keyword' | 'vector'>;
  /** The cosine of the angle between both vectors, if the meaning was among the first {@link RANKING_DEPTH}. */
  readonly similarity?: number;
}

/**
 * Fuses what was found by words and by meaning.
 *
 * @param keyword - keys of what was found by words, the best first
 * @param neighbours - what was found by meaning; none if there is no vector
 * @param load - reads records by their keys
 */
export function hybridSearch<Item extends { readonly embedding?: Float32Array | undefined }>(
  keyword: readonly number[],
  neighbours: readonly Neighbour[],
  load: (keys: readonly number[]) => ReadonlyMap<number, Item>,
  options: Given<HybridOptions>,
): HybridMatch<Item>[] {
  const { limit = 10, diversity = 0 } = requireObject(options, 'options');
  const count = requireInteger(limit, 'limit', { min: 0 });
  requireNumber(diversity, 'diversity', { min: 0, max: 1 });
  const fused = fuseRankings({
    keyword,
    vector: requireArray(neighbours, 'neighbours').map((each) => requireObject(each, 'neighbours').key),
  });
  const first = fused.slice(0, diversity > 0 ? Math.max(count, DIVERSIFIED) : count);
  const items = requireFunction(load, 'load')(first.map(({ key }) => key));
  const similarities = new Map(neighbours.map(({ key, similarity }) => [key, similarity]));
  const matches = first.flatMap(({ key, score, ranks }) => {
    const item = items.get(key);
    if (item === undefined) return [];
    const similarity = similarities.get(key);
    return [{ item, score, ranks, embedding: item.embedding, ...(similarity === undefined ? {} : { similarity }) }];
  });
  const chosen = diversity === 0 ? matches : diversify(matches, diversity, count);
  return chosen.map(({ embedding: _, ...match }) => match);
}
