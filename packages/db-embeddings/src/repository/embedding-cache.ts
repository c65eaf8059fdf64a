import type { TextVector } from '@codebuddy/db-core';
import {
  chunkContentHash,
  decodeVector,
  encodeVector,
  formatTimestamp,
  hashContent,
  optionalStringOrNull,
  read,
  readRecord,
  requireArray,
  requireInteger,
  requireString,
  type Transaction,
} from '@codebuddy/db-core/internal';
import type { EmbeddingStatements } from './statements.ts';

const DAY_MS = 86_400_000;

/** Puts texts and the vectors made for them together, in their order. */
export function toTextVectors(texts: readonly string[], embeddings: readonly Float32Array[]): TextVector[] {
  return texts.flatMap((text, index) => {
    const embedding = embeddings[index];
    return embedding === undefined ? [] : [{ text, embedding }];
  });
}

/** Vectors that a model made for texts, cached so that they are not paid for twice: in the index, or until they are. */
export class EmbeddingCache {
  readonly #statements: EmbeddingStatements;

  constructor(statements: EmbeddingStatements) {
    this.#statements = statements;
  }

  get(text: string, model: string): Float32Array | undefined {
    const inIndex = { hash: chunkContentHash(textOf(text), requireString(model, 'model'), new Uint8Array()) };
    const row =
      this.#statements.readCached.get({ hash: hashOf(text), model }) ?? this.#statements.readIndexed.get(inIndex);
    return row === undefined ? undefined : decodeVector(read.bytes(row, 'embedding'));
  }

  add(_transaction: Transaction, model: string, vectors: readonly TextVector[], now: string): void {
    requireString(model, 'model');
    for (const vector of requireArray(vectors, 'vectors')) {
      const { text, embedding } = readRecord(vector, { text: true, embedding: true }, {}, 'vectors');
      this.#statements.writeCached.run({ hash: hashOf(text), model, embedding: encodeVector(embedding), now });
    }
  }

  /** Forgets a vector that is in the index now: one place is enough. */
  drop(text: string, model: string): void {
    this.#statements.dropCached.run({ hash: hashOf(text), model });
  }

  prune(daysToKeep: number, now: string): number {
    const age = requireInteger(daysToKeep, 'daysToKeep', { min: 0 }) * DAY_MS;
    return this.#statements.pruneCache.run({ before: formatTimestamp(Date.parse(now) - age, 'daysToKeep') }).changes;
  }
}

/** A string, which may be empty as chunks may. */
export function textOf(text: string): string {
  return optionalStringOrNull(text, 'text') ?? '';
}

function hashOf(text: string): string {
  return hashContent(Buffer.from(textOf(text)));
}
