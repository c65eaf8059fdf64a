import type { NamesOf } from '../known-names/known-names.ts';
import type { SearchMode } from './vector-index.ts';

/** The options of a comparison of vectors. */
export interface SimilarityOptions {
  /** The model that made the query's vector. It must be named if the database holds vectors of several models. */
  readonly embeddingModel?: string | null | undefined;
  /** Default: `exact` up to 20,000 vectors, `fast` (at least 0.99 of the same on average) beyond. */
  readonly mode?: SearchMode | null | undefined;
}

/** The names of {@link SimilarityOptions}. */
export const SIMILARITY_NAMES: NamesOf<SimilarityOptions> = { embeddingModel: true, mode: true };
