import { temporaryDatabase } from '@codebuddy/test-kit';
import { expect, it, vi } from 'vitest';
import { EmbeddingProvider, EmbeddingRepository } from '../src/index.ts';

const vectorsOf = async (texts: string[]) => texts.map((text) => [text.length, 1]);

it('vectors are returned while another process writes, and kept when it has', async () => {
  using database = await temporaryDatabase({ busyTimeoutMs: 60_000 });
  const repository = new EmbeddingRepository(database.db);
  const provider = new EmbeddingProvider({ provider: vectorsOf, model: 'm' }, repository);
  const other = database.connectAgain();
  other.exec('BEGIN IMMEDIATE');
  const { embedding, model } = await provider.embed('a question');
  await provider.embedBatch(['another', 'one more']);
  expect(embedding).toEqual(Float32Array.of(10, 1));
  expect(repository.getCachedVector('a question', model)).toBeUndefined();
  other.close();
  const isKept = (text: string) => repository.getCachedVector(text, model) !== undefined;
  const texts = ['a question', 'another', 'one more'];
  await vi.waitFor(() => expect(texts.filter(isKept)).toEqual(texts), { timeout: 20_000 });
});

it('vectors that could not be kept are returned, and the loss is said', async () => {
  using database = await temporaryDatabase({ busyTimeoutMs: 50 });
  const warnings: string[] = [];
  database.manager.on('warning', ({ message }) => warnings.push(message));
  const provider = new EmbeddingProvider({ provider: vectorsOf, model: 'm' }, new EmbeddingRepository(database.db));
  const other = database.connectAgain();
  other.exec('BEGIN IMMEDIATE');
  expect(await provider.embed('a question')).toMatchObject({ embedding: Float32Array.of(10, 1), cached: false });
  await vi.waitFor(() => expect(warnings).toEqual([expect.stringContaining('not kept')]), { timeout: 20_000 });
  other.close();
});
