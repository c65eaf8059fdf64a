import type { SearchMode } from './vector-index.ts';

/** The options of a comparison of vectors. */
export interface SimilarityOptions {
  /** The model that made the query's vector. It must be named if the database holds vectors of several models. */
  readonly embeddingModel?: string | undefined;
  /** Default: `exact` up to 20,000 vectors, `fast` (at least 0.99 of the same on average) beyond. */
  readonly mode?: SearchMode | undefined;
}
