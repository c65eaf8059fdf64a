import { fileURLToPath } from 'node:url';
import { seededRandom } from '@codebuddy/db-core/testing';
import type { Row } from '@codebuddy/figures';
import {
  askAbout,
  clustered,
  DISTRIBUTIONS,
  type DistributionName,
  drawSet,
  recallBySimilarity,
  similaritiesToReach,
  type VectorSet,
} from '@codebuddy/vector-sets';
import { CodeBuddy } from '../contenders/codebuddy.ts';
import { lexical } from '../lexical-vectors.ts';
import { median, once } from '../measure.ts';
import { print, row, type SuiteReport } from '../report.ts';
import { removeScratchDatabase, scratchFile } from '../scratch-folder.ts';

const K = 10;
const DIMENSIONS = 384;
const QUESTIONS = 300;
const CODE = fileURLToPath(new URL('../../../../node_modules/.pnpm', import.meta.url));

/** Those among the distributions that an approximate search is likely to fail on. */
const HARD: readonly DistributionName[] = [
  'Gaussian',
  'clusters, 1 % noise',
  'clusters, 5 % noise',
  'clusters, 20 % noise',
  'a third near copies',
  'repeated boilerplate',
  'one-hot',
];

/**
 * Asks 300 questions about vectors that lie in different ways: half are stored vectors with noise, half are fresh. A result is
 * right if it is at least as similar as the tenth of a scan, less a millionth.
 */
export async function searchDistributions(rows: number): Promise<SuiteReport> {
  const count = rows + QUESTIONS / 2;
  const sets: [string, () => VectorSet | Promise<VectorSet>][] = [
    ['as text', () => clustered(count, DIMENSIONS, seededRandom(7))],
    ['lexical, of real code', () => lexical(CODE, count)],
    ...HARD.map((name): [string, () => VectorSet] => [
      name,
      () => drawSet(count, DIMENSIONS, DISTRIBUTIONS[name]({ dimensions: DIMENSIONS, count, next: seededRandom(1) })),
    ]),
  ];
  const figures: Record<string, Row> = {};
  for (const [name, draw] of sets) {
    print(`${rows.toLocaleString('en-US')} vectors: ${name}`);
    figures[name.replaceAll(/\W+/g, '-')] = row(name, await ask(await draw(), `${name}-${rows}.db`));
  }
  return {
    name: `distributions-${rows}`,
    title: `Top 10 of ${rows.toLocaleString('en-US')} vectors by distribution, fast, warm`,
    rows: figures,
  };
}

async function ask(set: VectorSet, file: string): Promise<{ vectors: number; time: number; recall: number }> {
  const rows = set.count - QUESTIONS / 2;
  const questions = askAbout(set, rows, QUESTIONS, seededRandom(2));
  const toReach = similaritiesToReach(set, rows, questions, K);
  const path = scratchFile(file);
  const ours = await CodeBuddy.open(path);
  ours.load(set, rows);
  const search = (vector: Float32Array) =>
    ours.index.search({ vector, model: 'bench', topK: K, mode: 'fast' }).map(({ similarity }) => similarity);
  search(set.at(0));
  const recalls: number[] = [];
  const times: number[] = [];
  for (const [i, question] of questions.entries()) {
    times.push(await once(() => recalls.push(recallBySimilarity(search(question), toReach[i] ?? Number.NaN, K))));
  }
  ours.manager.close();
  removeScratchDatabase(path);
  return { vectors: rows, time: median(times), recall: recalls.reduce((sum, recall) => sum + recall, 0) / QUESTIONS };
}
