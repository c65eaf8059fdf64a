import { hashContent, isPlainObject, requireArray, requireStringOrEmpty } from '@codebuddy/db-core/internal';
import type { EmbeddingModelMiddleware } from 'ai';
import { checkVectors } from '../providers/embedder.ts';
import type { VectorCache } from '../providers/embedding-provider.ts';
import { keepVectors } from '../providers/keep-vectors.ts';
import { toTextVectors } from '../repository/embedding-cache.ts';

/**
 * Makes a middleware for the AI SDK's `wrapEmbeddingModel` (https://ai-sdk.dev) that keeps vectors: a string that a
 * model has embedded before, here or in the index of code, is not sent to it again. Vectors made with other `providerOptions`, such as
 * a number of dimensions or a task, are kept apart.
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
      const key = name + suffixOf(params.providerOptions);
      const known = new Map<string, readonly number[]>();
      for (const text of requireArray(params.values, 'values')) {
        const vector = cache.getCachedVector(requireStringOrEmpty(text, 'values'), key);
        if (vector !== undefined) known.set(text, Array.from(vector));
      }
      const missing = [...new Set(params.values)].filter((text) => !known.has(text));
      if (missing.length === 0)
        return { embeddings: params.values.map((text) => [...(known.get(text) ?? [])]), warnings: [] };
      const made =
        missing.length === params.values.length ? await doEmbed() : await model.doEmbed({ ...params, values: missing });
      const vectors = checkVectors(made?.embeddings, missing.length, name, undefined);
      for (const [index, text] of missing.entries()) known.set(text, made.embeddings[index] ?? []);
      keepVectors(cache, key, toTextVectors(missing, vectors));
      return { ...made, embeddings: params.values.map((text) => [...(known.get(text) ?? [])]) };
    },
  };
}

/** Options may hold what is a caller's own, such as a user's name: their hash stands for them. */
function suffixOf(options: object | undefined): string {
  const text = options === undefined ? '{}' : JSON.stringify(options, sortNames);
  return text === '{}' ? '' : `#${hashContent(Buffer.from(text)).slice(0, 32)}`;
}

/** The order of properties means nothing. */
function sortNames(_key: string, value: unknown): unknown {
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
