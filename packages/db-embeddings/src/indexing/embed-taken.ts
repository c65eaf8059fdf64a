import { EmbeddingFailedError } from '@codebuddy/db-core';
import type { EmbeddingProvider } from '../providers/embedding-provider.ts';
import { toTextVectors } from '../repository/embedding-cache.ts';

/** A text that every model takes: if it is refused too, the others are not to blame. */
const PROBE = 'text';

/**
 * Makes vectors of texts of which a model may refuse some, such as one that is too long for it: the batch is halved until they
 * stand alone. Texts without a vector were refused.
 *
 * @throws EmbeddingFailedError when the model takes nothing at all: it is out of reach, or the key is wrong
 */
export async function embedTaken(
  provider: EmbeddingProvider,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Float32Array>> {
  const vectors = new Map<string, Float32Array>();
  // They are stored with their chunks at once: the cache would be a detour.
  const options = { signal, cache: false };
  const embed = async (some: readonly string[]): Promise<void> => {
    const { embeddings } = await provider.embedBatch(some, options);
    for (const { text, embedding } of toTextVectors(some, embeddings)) vectors.set(text, embedding);
  };
  const halve = async (some: readonly string[]): Promise<void> => {
    if (some.length < 2) return;
    const middle = some.length >> 1;
    for (const half of [some.slice(0, middle), some.slice(middle)]) {
      try {
        await embed(half);
      } catch (error) {
        if (!EmbeddingFailedError.isInstance(error)) throw error;
        await halve(half);
      }
    }
  };
  try {
    if (texts.length > 0) await embed(texts);
  } catch (error) {
    if (!EmbeddingFailedError.isInstance(error)) throw error;
    await provider.embed(PROBE, options).catch(() => {
      signal?.throwIfAborted();
      throw error;
    });
    await halve(texts);
  }
  return vectors;
}
