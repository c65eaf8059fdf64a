import { cosineSimilarity } from '../codecs/vectors.ts';
import { requireArray, requireInteger, requireNumber, requireObject } from '../validation.ts';

/** A result that can be compared with others. */
export interface Comparable {
  /** The larger, the better. */
  readonly score: number;
  readonly embedding?: Float32Array | undefined;
}

/**
 * Chooses results that are good and unlike each other: maximal marginal relevance (Carbonell and Goldstein 1998, "The Use
 * of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries"). Each choice is the one whose score,
 * less its likeness to those chosen before, is largest. Choosing fewer gives the first of choosing more.
 *
 * @param candidates - the best first; one without an embedding is like no other
 * @param diversity - how much unlikeness counts against the score, from 0 (nothing) to 1 (everything)
 */
export function diversify<Candidate extends Comparable>(
  candidates: readonly Candidate[],
  diversity: number,
  count: number,
): Candidate[] {
  requireNumber(diversity, 'diversity', { min: 0, max: 1 });
  requireInteger(count, 'count', { min: 0 });
  for (const candidate of requireArray(candidates, 'candidates'))
    requireNumber(requireObject(candidate, 'candidates').score, 'score');
  // Scores of different rankings have different scales: the best counts 1.
  const best = candidates[0]?.score ?? 1;
  const left = candidates.map((candidate) => ({
    candidate,
    relevance: best === 0 ? 0 : candidate.score / best,
    likeness: 0,
  }));
  const chosen: Candidate[] = [];
  while (chosen.length < count && left.length > 0) {
    let next = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (const [index, { relevance, likeness }] of left.entries()) {
      const margin = (1 - diversity) * relevance - diversity * likeness;
      if (margin <= largest) continue;
      largest = margin;
      next = index;
    }
    for (const { candidate } of left.splice(next, 1)) {
      chosen.push(candidate);
      for (const other of left) other.likeness = Math.max(other.likeness, likeness(candidate, other.candidate));
    }
  }
  return chosen;
}

function likeness({ embedding: a }: Comparable, { embedding: b }: Comparable): number {
  return a === undefined || b === undefined || a.length !== b.length ? 0 : cosineSimilarity(a, b);
}
