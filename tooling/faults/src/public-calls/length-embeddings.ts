import { Embeddings } from '@langchain/core/embeddings';

/** Vectors of one number: how long a string is. */
export class LengthEmbeddings extends Embeddings {
  constructor() {
    super({});
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    return texts.map((text) => [text.length]);
  }

  override async embedQuery(text: string): Promise<number[]> {
    return [text.length];
  }
}
