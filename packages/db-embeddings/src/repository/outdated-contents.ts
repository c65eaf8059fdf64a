import {
  chunkContentHash,
  encodeVector,
  type OutdatedText,
  read,
  readRecord,
  requireArray,
  requireString,
  type Transaction,
} from '@codebuddy/db-core/internal';
import { type EmbeddingCache, textOf } from './embedding-cache.ts';
import type { EmbeddingStatements } from './statements.ts';

/** Texts of chunks whose vectors another model has made. */
export class OutdatedContents {
  readonly #statements: EmbeddingStatements;
  readonly #embeddingCache: EmbeddingCache;

  constructor(statements: EmbeddingStatements, embeddingCache: EmbeddingCache) {
    this.#statements = statements;
    this.#embeddingCache = embeddingCache;
  }

  count(model: string): number {
    return read.number(this.#statements.countWithout.one({ model }), 'contents');
  }

  find(model: string, afterKey: number, limit: number): OutdatedText[] {
    const rows = this.#statements.contentsWithout.all({ model, after: afterKey, limit });
    return rows.map((row) => ({ key: read.number(row, 'id'), text: read.text(row, 'text') }));
  }

  replaceVectors(
    _transaction: Transaction,
    model: string,
    vectors: readonly (OutdatedText & { readonly embedding: Float32Array })[],
  ): void {
    for (const vector of requireArray(vectors, 'vectors')) {
      const { key, text, embedding } = readRecord(vector, { key: true, text: true, embedding: true }, {}, 'vectors');
      const bytes = encodeVector(embedding);
      const hash = chunkContentHash(textOf(text), requireString(model, 'model'), bytes);
      const same = this.#statements.sameContent.get({ hash });
      // Two unknown models may have left one text with two vectors: under one model they become one.
      if (same !== undefined) this.#statements.moveChunks.run({ from: key, to: read.number(same, 'id') });
      else this.#statements.moveContent.run({ id: key, hash, embedding: bytes, model });
      this.#embeddingCache.drop(text, model);
    }
  }
}
