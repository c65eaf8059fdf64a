import { types } from 'node:util';
import { EmbeddingFailedError, InvalidInputError } from '@codebuddy/db-core';

/** The options of a call. */
export interface EmbedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether `EmbeddingProvider` looks vectors up in its cache and keeps new ones there. Default: true. */
  readonly cache?: boolean | undefined;
}

/** The vectors of some texts, in their order. */
export interface EmbedResult {
  readonly embeddings: readonly Float32Array[];
  /** The tokens that the model counted, if it reports them. */
  readonly totalTokens?: number | undefined;
}

/** Something that makes vectors of texts: the one interface behind every provider. */
export interface Embedder {
  /** Names what makes the vectors, such as `openai:text-embedding-3-small`: only those of one name are compared. */
  readonly model: string;
  /** The number of dimensions, if it is known before the first call. */
  readonly dimensions?: number | undefined;
  /** The most texts in one call. */
  readonly maxBatch: number;
  embed(texts: readonly string[], options?: EmbedOptions): Promise<EmbedResult>;
}

/**
 * Checks what a model returned: a vector for each text, all finite, all of the same dimensions.
 *
 * @throws EmbeddingFailedError when that is not so
 */
export function checkVectors(
  vectors: unknown,
  texts: number,
  model: string,
  dimensions: number | undefined,
): Float32Array[] {
  const fail = (what: string): never => {
    throw new EmbeddingFailedError(
      `${model} returned ${what}. Nothing was stored; check that the model is one for embeddings.`,
    );
  };
  const list: readonly unknown[] = Array.isArray(vectors) ? vectors : fail('no list of vectors');
  if (list.length !== texts) fail(`${list.length} vectors for ${texts} texts`);
  let expected = dimensions;
  return list.map((vector) => {
    const numbers = toNumbers(vector) ?? fail('something that is no vector');
    expected ??= numbers.length;
    if (numbers.length === 0 || numbers.length !== expected)
      fail(`a vector of ${numbers.length} dimensions instead of ${expected}`);
    if (!numbers.every((number) => Number.isFinite(number))) fail('a vector with a number that is not finite');
    return numbers;
  });
}

function toNumbers(vector: unknown): Float32Array | undefined {
  if (types.isFloat32Array(vector)) return vector;
  return Array.isArray(vector) && vector.every((each) => typeof each === 'number')
    ? new Float32Array(vector)
    : undefined;
}

/** Checks what may end a call early. */
export function requireSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && !isSignal(signal)) throw new InvalidInputError('signal', 'expected an AbortSignal');
}

/** A signal of another realm, as those of a test runner are, is one as well. */
function isSignal(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AbortSignal]';
}
