import { EmbeddingMismatchError, InvalidInputError } from '../errors/index.ts';
import { requireArray, requireString } from '../validation.ts';

/** The model of vectors whose maker nobody wrote down, as in the files of earlier releases. */
export const UNKNOWN_MODEL = 'unknown';

/**
 * Decides which model's vectors a search looks at. Vectors of two models can't be compared, so if there are several the
 * caller must say which one made the query.
 *
 * @param stored - the models that have vectors of the query's dimensions
 * @returns the model, or `undefined` if there is nothing to compare with
 * @throws InvalidInputError when there are several models and none was named
 */
export function chooseEmbeddingModel(asked: string | undefined, stored: readonly string[]): string | undefined {
  if (asked !== undefined) return requireString(asked, 'embeddingModel');
  if (requireArray(stored, 'stored').length > 1) {
    throw new InvalidInputError(
      'embeddingModel',
      `expected the model that made the query, since the database holds vectors of ${stored.join(', ')}`,
    );
  }
  return stored[0];
}

/**
 * Refuses a query whose model has made none of the stored vectors.
 *
 * @param stored - every model that has vectors, of whatever dimensions
 * @throws EmbeddingMismatchError when there are vectors, and none of the model asked for
 */
export function requireComparable(asked: string | undefined, stored: readonly string[]): void {
  if (asked === undefined) return;
  requireString(asked, 'embeddingModel');
  if (requireArray(stored, 'stored').length > 0 && !stored.includes(asked))
    throw new EmbeddingMismatchError(asked, stored);
}
