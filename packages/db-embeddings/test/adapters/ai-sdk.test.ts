import { temporaryDatabase } from '@codebuddy/test-kit';
import { embed, embedMany, wrapEmbeddingModel } from 'ai';
import { MockEmbeddingModelV4 } from 'ai/test';
import { expect, it } from 'vitest';
import { cacheEmbeddings } from '../../src/adapters/ai-sdk.ts';
import { EmbeddingProvider, EmbeddingRepository } from '../../src/index.ts';

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

it('vectors made with other options of the provider are kept apart', async () => {
  using database = await temporaryDatabase();
  const calls: unknown[] = [];
  const sized = new MockEmbeddingModelV4({
    provider: 'mock',
    modelId: 'm',
    doEmbed: async ({ values, providerOptions }) => {
      calls.push(providerOptions);
      const dimensions = Number(providerOptions?.['mock']?.['dimensions'] ?? 4);
      return { embeddings: values.map(() => Array<number>(dimensions).fill(1)), warnings: [] };
    },
  });
  const repository = new EmbeddingRepository(database.db);
  const model = wrapEmbeddingModel({ model: sized, middleware: cacheEmbeddings(repository) });
  const options = [
    undefined,
    { mock: { dimensions: 2 } },
    { mock: { dimensions: 2, task: 'query' } },
    { mock: { task: 'query', dimensions: 2 } },
    { mock: { dimensions: 2, task: 'document' } },
  ];
  const lengths: number[] = [];
  for (const providerOptions of [...options, ...options]) {
    const { embedding } = await embed({ model, value: 'a', ...(providerOptions && { providerOptions }) });
    lengths.push(embedding.length);
  }
  expect(lengths).toEqual([4, 2, 2, 2, 2, 4, 2, 2, 2, 2]);
  expect(calls).toHaveLength(4);
});

/** A model that fails some calls first, as the AI SDK's providers do when a server is busy. */
function busyModel(failures: number, parts: { statusCode: number; isRetryable: boolean }) {
  let calls = 0;
  const model = new MockEmbeddingModelV4({
    provider: 'mock',
    modelId: 'm',
    maxEmbeddingsPerCall: 10,
    doEmbed: async ({ values }) => {
      if (calls++ < failures)
        throw Object.assign(new Error('secret'), parts, { responseHeaders: { 'retry-after': '0' } });
      return { embeddings: values.map(() => [1]), warnings: [] };
    },
  });
  return { model, calls: () => calls };
}

it('asks a busy model of the AI SDK again, and no model that refuses', async () => {
  const busy = busyModel(2, { statusCode: 429, isRetryable: true });
  const { embeddings } = await new EmbeddingProvider({ provider: busy.model }).embedBatch(['a', 'b']);
  expect([embeddings.length, busy.calls()]).toEqual([2, 3]);
  const overloaded = busyModel(9, { statusCode: 529, isRetryable: true });
  const failing = new EmbeddingProvider({ provider: overloaded.model, maxRetries: 1 }).embed('a');
  await expect(failing).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED', retryable: true });
  expect(overloaded.calls()).toBe(2);
  const refusing = busyModel(1, { statusCode: 400, isRetryable: false });
  const refused = new EmbeddingProvider({ provider: refusing.model }).embed('a');
  await expect(refused).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED', retryable: false });
  await expect(refused).rejects.not.toThrow(/secret/);
  expect(refusing.calls()).toBe(1);
});

it('makes a few calls of the AI SDK at once, and keeps what was made before one failed', async () => {
  using database = await temporaryDatabase();
  let [live, most, made] = [0, 0, 0];
  const limited = new MockEmbeddingModelV4({
    provider: 'mock',
    modelId: 'm',
    maxEmbeddingsPerCall: 10,
    supportsParallelCalls: true,
    doEmbed: async ({ values }) => {
      most = Math.max(most, ++live);
      await new Promise((resolve) => setImmediate(resolve));
      live--;
      if (values.includes('t4000')) throw new Error('broken');
      made += values.length;
      return { embeddings: values.map((text) => [Number(text.slice(1)), 1]), warnings: [] };
    },
  });
  const repository = new EmbeddingRepository(database.db);
  const provider = new EmbeddingProvider({ provider: limited }, repository);
  const texts = Array.from({ length: 5_000 }, (_, index) => `t${index}`);
  await expect(provider.embedBatch(texts)).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED' });
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
  expect(made).toBeLessThan(4_100);
  made = 0;
  const first = texts.slice(0, 3_800);
  expect((await provider.embedBatch(first)).embeddings.map(([number]) => number)).toEqual(first.map((_, at) => at));
  expect(made).toBe(0);
});
