// The provider as Code-Buddy's own callers configure and use it.
import { createServer } from 'node:http';
import { expect, it, vi } from 'vitest';
import { EmbeddingProvider, type EmbeddingProviderConfig } from '../src/index.ts';

/** A server that notes what it is asked and answers each text with a vector of two dimensions. */
async function withServer(
  use: (url: string, asked: { model: string; input: string[] }[]) => Promise<void>,
): Promise<void> {
  const asked: { model: string; input: string[] }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { model, input } = Object(JSON.parse(Buffer.concat(parts).toString()));
      const texts = Array.isArray(input) ? input.map(String) : [];
      asked.push({ model: String(model), input: texts });
      response.end(JSON.stringify({ data: texts.map((_, index) => ({ index, embedding: [index, 1] })) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await use(`http://127.0.0.1:${port}/v1`, asked);
  } finally {
    server.close();
  }
}

it('takes the names that callers use: modelName, apiEndpoint, batchSize, cacheDir', async () => {
  await withServer(async (apiEndpoint, asked) => {
    const config = {
      provider: 'openai',
      apiKey: 'k',
      modelName: 'm',
      apiEndpoint,
      batchSize: 2,
      cacheDir: '/models',
    } as const;
    const provider = new EmbeddingProvider(config);
    const warnings: unknown[] = [];
    provider.on('warning', (warning) => warnings.push(warning));
    expect(provider.getModel()).toBe('openai:m');
    await provider.embedBatch(['a', 'b', 'c']);
    expect(asked).toEqual([
      { model: 'm', input: ['a', 'b'] },
      { model: 'm', input: ['c'] },
    ]);
    expect(warnings).toEqual([]);
    expect(new EmbeddingProvider({ ...config, model: 'ours' }).getModel()).toBe('openai:ours');
  });
});

it('knows the dimensions of OpenAI’s models before their first answer, and then those of the answer', async () => {
  const dimensionsOf = (config: EmbeddingProviderConfig) => new EmbeddingProvider(config).getDimensions();
  const openai = { provider: 'openai', apiKey: 'k' } as const;
  expect(dimensionsOf(openai)).toBe(1_536);
  expect(dimensionsOf({ ...openai, modelName: 'text-embedding-3-large' })).toBe(3_072);
  expect(dimensionsOf({ ...openai, dimensions: 256 })).toBe(256);
  expect(dimensionsOf({ ...openai, modelName: 'somebody-elses' })).toBe(0);
  expect(dimensionsOf({ provider: 'local' })).toBe(384);
  await withServer(async (apiEndpoint) => {
    const provider = new EmbeddingProvider({ ...openai, apiEndpoint });
    await provider.embed('a');
    expect(provider.getDimensions()).toBe(2);
  });
});

it.each(['openai', 'grok'] as const)('asks %s nothing without a key', async (provider) => {
  for (const name of ['OPENAI_API_KEY', 'XAI_API_KEY', 'GROK_API_KEY']) vi.stubEnv(name, undefined);
  await withServer(async (apiEndpoint, asked) => {
    for (const apiKey of [undefined, null, '']) {
      const keyless = new EmbeddingProvider({ provider, apiEndpoint, apiKey });
      for (const call of [() => keyless.initialize(), () => keyless.embed('a'), () => keyless.embedBatch(['a'])]) {
        await expect(call()).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED', retryable: false });
      }
      expect(keyless.isReady()).toBe(false);
    }
    expect(asked).toEqual([]);
    await new EmbeddingProvider({ provider, apiEndpoint, apiKey: 'k' }).embed('a');
    expect(asked).toHaveLength(1);
  });
});

it('says once that it is initialized', async () => {
  const provider = new EmbeddingProvider({ provider: 'mock', dimensions: 3 });
  const told: unknown[] = [];
  provider.on('initialized', (event) => told.push(event));
  await provider.initialize();
  await provider.embed('a');
  expect(told).toEqual([{ dimensions: 3, provider: 'mock', model: 'mock:3' }]);
});

it('makes mock vectors of length 1, the same for the same text', async () => {
  for (const dimensions of [1, 2, 384, 4_096]) {
    const provider = new EmbeddingProvider({ provider: 'mock', dimensions });
    for (const text of ['a', 'a longer text', '🙂'.repeat(100)]) {
      const { embedding } = await provider.embed(text);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
      expect((await provider.embed(text)).embedding).toEqual(embedding);
    }
  }
});

it('needs no provider: words are counted here, nothing is downloaded or sent', async () => {
  const provider = new EmbeddingProvider();
  expect(await provider.embed('retry helper')).toMatchObject({ provider: 'lexical', dimensions: 512 });
});
