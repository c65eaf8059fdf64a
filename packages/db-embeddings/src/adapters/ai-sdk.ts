import { requireArray, requireStringOrEmpty } from '@codebuddy/db-core/internal';
import type { EmbeddingModelMiddleware } from 'ai';
import { checkVectors } from '../providers/embedder.ts';
import type { VectorCache } from '../providers/embedding-provider.ts';
import { keepVectors } from '../providers/keep-vectors.ts';
import { toTextVectors } from '../repository/embedding-cache.ts';

/**
 * Makes a middleware for the AI SDK's `wrapEmbeddingModel` (https://ai-sdk.dev) that keeps vectors: a string that a
 * model has embedded before, here or in the index of code, is not sent to it again.
 *
 * @param cache - where vectors are kept: an `EmbeddingRepository`
 *
 * @example
 * ```ts
 * import { cacheEmbeddings } from '@codebuddy/db-embeddings/ai-sdk';
 *
 * const model = wrapEmbeddingModel({ model: openai.embedding('text-embedding-3-small'), middleware: cacheEmbeddings(repository) });
 * const { embeddings } = await embedMany({ model, values: texts });
 * ```
 */
export function cacheEmbeddings(cache: VectorCache): EmbeddingModelMiddleware {
  return {
    specificationVersion: 'v4',
    async wrapEmbed({ doEmbed, params, model }) {
      const name = `${model.provider}:${model.modelId}`;
      const known = new Map<string, readonly number[]>();
      for (const text of requireArray(params.values, 'values')) {
        const vector = cache.getCachedVector(requireStringOrEmpty(text, 'values'), name);
        if (vector !== undefined) known.set(text, Array.from(vector));
      }
      const missing = [...new Set(params.values)].filter((text) => !known.has(text));
      if (missing.length === 0)
        return { embeddings: params.values.map((text) => [...(known.get(text) ?? [])]), warnings: [] };
      const made =
        missing.length === params.values.length ? await doEmbed() : await model.doEmbed({ ...params, values: missing });
      const vectors = checkVectors(made?.embeddings, missing.length, name, undefined);
      for (const [index, text] of missing.entries()) known.set(text, made.embeddings[index] ?? []);
      keepVectors(cache, name, toTextVectors(missing, vectors));
      return { ...made, embeddings: params.values.map((text) => [...(known.get(text) ?? [])]) };
    },
  };
}
