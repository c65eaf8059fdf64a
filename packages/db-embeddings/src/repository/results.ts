import type { CodeEmbedding } from '@codebuddy/db-core';
import { type Row, read } from '@codebuddy/db-core/internal';

/** A chunk found by its meaning. */
export interface SimilarChunk {
  readonly embedding: CodeEmbedding;
  /** The cosine of the angle between both vectors, from -1 to 1. */
  readonly similarity: number;
}

/** How much is indexed. */
export interface EmbeddingStats {
  readonly totalEmbeddings: number;
  readonly totalFiles: number;
  readonly byLanguage: Readonly<Record<string, number>>;
  readonly bySymbolType: Readonly<Record<string, number>>;
}

/** Puts the counts of the index together. */
export function toEmbeddingStats(
  totals: Row,
  byLanguage: readonly Row[],
  bySymbolType: readonly Row[],
): EmbeddingStats {
  return {
    totalEmbeddings: read.number(totals, 'chunks'),
    totalFiles: read.number(totals, 'files'),
    byLanguage: countsOf(byLanguage),
    bySymbolType: countsOf(bySymbolType),
  };
}

function countsOf(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [read.text(row, 'name'), read.number(row, 'chunks')]));
}
