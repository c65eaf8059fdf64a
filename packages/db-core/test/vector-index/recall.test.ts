import {
  askAbout,
  clustered,
  DISTRIBUTIONS,
  drawSet,
  recallBySimilarity,
  similaritiesToReach,
  type VectorSet,
} from '@codebuddy/vector-sets';
import { expect, it } from 'vitest';
import { seededRandom, temporaryDatabase } from '../../src/testing/index.ts';
import { VectorIndex } from '../../src/vector-index/vector-index.ts';
import { SOURCE, storeVectors } from '../support/vectors.ts';

const ROWS = 4_200;
const DIMENSIONS = 160;
const QUESTIONS = 60;
// With so few results, so few rows are enough for every step of a fast search.
const K = 4;

const options = () => ({ dimensions: DIMENSIONS, count: ROWS + QUESTIONS / 2, next: seededRandom(1) });
const sets: [string, () => VectorSet][] = [
  ['text', () => clustered(options().count, DIMENSIONS, options().next)],
  ...Object.entries(DISTRIBUTIONS).map(([name, distribution]): [string, () => VectorSet] => [
    name,
    () => drawSet(options().count, DIMENSIONS, distribution(options())),
  ]),
];

it.each(sets)('finds at least 0.99 of what a scan finds when it may be fast: %s', async (_name, draw) => {
  using database = await temporaryDatabase();
  const set = draw();
  storeVectors(database.db, set, ROWS);
  const index = new VectorIndex(database.db, SOURCE);
  const questions = askAbout(set, ROWS, QUESTIONS, seededRandom(2));
  const toReach = similaritiesToReach(set, ROWS, questions, K);
  const recalls = questions.map((vector, i) => {
    const found = index.search({ vector, model: 'm', topK: K, mode: 'fast' });
    return recallBySimilarity(
      found.map(({ similarity }) => similarity),
      toReach[i] ?? Number.NaN,
      K,
    );
  });
  expect(recalls.reduce((sum, recall) => sum + recall, 0) / QUESTIONS).toBeGreaterThanOrEqual(0.99);
});
