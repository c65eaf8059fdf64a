import type { EmbeddingStats } from '@codebuddy/db-core';
import { type Row, read } from '@codebuddy/db-core/internal';

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
