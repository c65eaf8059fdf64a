import { EmbeddingProvider } from '@codebuddy/db-embeddings';

/** A model whose vectors tell themselves from those of any other. */
export function otherModel(): EmbeddingProvider {
  const embed = async (texts: string[]) => texts.map((text) => [text.length, 1, 2, 3]);
  return new EmbeddingProvider({ provider: embed, model: 'other', maxBatch: 8 });
}
