import { temporaryDatabase } from '@codebuddy/db-core/testing';
import { expect, it } from 'vitest';
import { EmbeddingRepository } from '../src/index.ts';

const chunk = (file_path: string, chunk_text: string, embedding: readonly number[], chunk_index = 0) => ({
  project_id: 'shop',
  file_path,
  chunk_index,
  chunk_text,
  embedding: Float32Array.from(embedding),
  embedding_model: 'm',
});

it('finds code by its words, its meaning, and the parts of its names', async () => {
  using database = await temporaryDatabase();
  const index = new EmbeddingRepository(database.db);
  index.bulkUpsert([
    chunk('users.ts', 'export function getUserById(key) {}', [0, 1]),
    chunk('cart.ts', 'export function total(cart) {}', [1, 0]),
    chunk('retry.ts', 'export function withRetry(task) {}', [0.6, 0.6]),
  ]);
  const paths = (text: string, ...embedding: number[]) =>
    index
      .searchHybrid(text, embedding.length === 0 ? undefined : Float32Array.from(embedding), { projectId: 'shop' })
      .map(({ item }) => item.file_path);
  expect(paths('user id')).toEqual(['users.ts']);
  expect(paths('user by id', 1, 0)).toEqual(['users.ts', 'cart.ts', 'retry.ts']);
  expect(index.searchHybrid('user id', undefined, { projectId: 'other' })).toEqual([]);
});

it('keeps the words of code equal to its chunks, however they come and go', async () => {
  using database = await temporaryDatabase();
  const index = new EmbeddingRepository(database.db);
  const found = (text: string) => index.searchHybrid(text).map(({ item }) => item.chunk_text);
  index.bulkUpsert([chunk('a.ts', 'firstDraft', [1, 0]), chunk('b.ts', 'kept', [1, 0])]);
  // In one batch, a chunk takes the place of one that came in the same batch: its words were never indexed.
  index.bulkUpsert([chunk('a.ts', 'secondDraft', [1, 0]), chunk('a.ts', 'thirdDraft', [1, 0])]);
  expect([found('first'), found('second'), found('third'), found('kept')]).toEqual([[], [], ['thirdDraft'], ['kept']]);
  index.upsert(chunk('a.ts', 'fourthDraft', [1, 0]));
  index.deleteForFile('shop', 'b.ts');
  expect([found('third'), found('fourth'), found('kept')]).toEqual([[], ['fourthDraft'], []]);
  expect(() => index.bulkUpsert([chunk('c.ts', 'neverStored', [1, 0]), chunk('', 'bad', [1, 0])])).toThrow();
  expect(found('never')).toEqual([]);
  database.db.exec("INSERT INTO code_contents_fts(code_contents_fts, rank) VALUES ('integrity-check', 1)");
});
