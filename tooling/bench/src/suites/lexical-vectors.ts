import { fileURLToPath } from 'node:url';
import type { Row } from '@codebuddy/figures';
import { CodeBuddy } from '../contenders/codebuddy.ts';
import { exactScan, recall } from '../contenders/exact-scan.ts';
import { lexical } from '../lexical-vectors.ts';
import { takeTurns } from '../measure.ts';
import { row, type SuiteReport } from '../report.ts';
import { scratchFile } from '../scratch-folder.ts';

const K = 10;
const QUERIES = 50;
const CODE = fileURLToPath(new URL('../../../../node_modules/.pnpm', import.meta.url));

/** Searches real vectors: those that the lexical embedder makes of the sources of this workspace's dependencies. */
export async function searchLexicalVectors(limit: number, rounds: number): Promise<SuiteReport> {
  const vectors = await lexical(CODE, limit);
  const rows = vectors.count - QUERIES;
  const queries = Array.from({ length: QUERIES }, (_, i) => vectors.at(rows + i));
  const query = (round: number) => queries[round % QUERIES] ?? vectors.at(0);
  const ours = await CodeBuddy.open(scratchFile('lexical.db'));
  ours.load(vectors, rows);
  const truth = queries.map((vector) => exactScan(vectors, rows, vector, K));
  const figures: Record<string, Row> = {};
  for (const mode of ['fast', 'exact'] as const) {
    const times = await takeTurns([{ name: mode, run: (round) => ours.search(query(round), K, mode) }], rounds);
    const found = queries.map((vector) => ours.search(vector, K, mode));
    const mean = found.reduce((sum, rowsFound, i) => sum + recall(rowsFound, truth[i] ?? []), 0) / QUERIES;
    figures[mode] = row(`**this, ${mode}**`, { time: times.get(mode) ?? Number.NaN, recall: mean });
  }
  ours.manager.close();
  return {
    name: 'lexical',
    title: `Top 10 of ${rows.toLocaleString('en-US')} x ${vectors.dimensions} lexical vectors of real code, warm`,
    rows: figures,
  };
}
