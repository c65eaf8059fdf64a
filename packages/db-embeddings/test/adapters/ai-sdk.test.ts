import { temporaryDatabase } from '@codebuddy/test-kit';
import { embed, embedMany, wrapEmbeddingModel } from 'ai';
import { MockEmbeddingModelV4 } from 'ai/test';
import { expect, it } from 'vitest';
import { cacheEmbeddings } from '../../src/adapters/ai-sdk.ts';
import { EmbeddingRepository } from '../../src/index.ts';

function countingModel(calls: string[][]) {
  return new MockEmbeddingModelV4({
    provider: 'mock',
    modelId: 'm',
    maxEmbeddingsPerCall: 3,
    doEmbed: async ({ values }) => {
      calls.push(values);
      return { embeddings: values.map((value) => [value.length, 0.5]), usage: { tokens: values.length }, warnings: [] };
    },
  });
}

it('an embedding model of the AI SDK embeds each text once, over processes', async () => {
  using database = await temporaryDatabase();
  const calls: string[][] = [];
  const model = () =>
    wrapEmbeddingModel({
      model: countingModel(calls),
      middleware: cacheEmbeddings(new EmbeddingRepository(database.db)),
    });
  const values = ['a', 'bb', 'ccc', 'a', 'dddd'];
  const { embeddings } = await embedMany({ model: model(), values });
  expect(embeddings).toEqual([
    [1, 0.5],
    [2, 0.5],
    [3, 0.5],
    [1, 0.5],
    [4, 0.5],
  ]);
  expect(calls.flat().sort()).toEqual(['a', 'bb', 'ccc', 'dddd']);
  expect((await embed({ model: model(), value: 'bb' })).embedding).toEqual([2, 0.5]);
  expect((await embedMany({ model: model(), values: ['bb', 'new'] })).embeddings).toEqual([
    [2, 0.5],
    [3, 0.5],
  ]);
  expect(calls.flat().sort()).toEqual(['a', 'bb', 'ccc', 'dddd', 'new']);
});

it('vectors of one model are not those of another', async () => {
  using database = await temporaryDatabase();
  const repository = new EmbeddingRepository(database.db);
  repository.cacheVectors('other:m', [{ text: 'a', embedding: Float32Array.of(9, 9) }]);
  const calls: string[][] = [];
  const model = wrapEmbeddingModel({ model: countingModel(calls), middleware: cacheEmbeddings(repository) });
  expect((await embed({ model, value: 'a' })).embedding).toEqual([1, 0.5]);
});

it('keeps nothing of an answer that is broken in part', async () => {
  using database = await temporaryDatabase();
  const repository = new EmbeddingRepository(database.db);
  const broken = new MockEmbeddingModelV4({
    provider: 'mock',
    modelId: 'm',
    maxEmbeddingsPerCall: 3,
    doEmbed: async () => ({ embeddings: [[1], [Number.NaN]], warnings: [] }),
  });
  const model = wrapEmbeddingModel({ model: broken, middleware: cacheEmbeddings(repository) });
  await expect(embedMany({ model, values: ['a', 'b'] })).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED' });
  expect(repository.getCachedVector('a', 'mock:m')).toBeUndefined();
});
