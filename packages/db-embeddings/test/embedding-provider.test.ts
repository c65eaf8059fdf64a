import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryDatabase } from '@codebuddy/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbeddingProvider, type EmbeddingProviderConfig, EmbeddingRepository } from '../src/index.ts';
import { MockEmbeddingModelV3 } from './support/ai-sdk-model.ts';
import { answer, type Behaviour, EmbeddingServer, send, vectorOf } from './support/embedding-server.ts';

describe('a provider behind a server', () => {
  let server: EmbeddingServer;
  beforeEach(async () => {
    server = new EmbeddingServer();
    await server.start();
  });
  afterEach(() => server.stop());

  const create = (config: EmbeddingProviderConfig = {}) =>
    new EmbeddingProvider({
      provider: 'openai-compatible',
      baseURL: server.baseURL,
      model: 'm',
      apiKey: 'sk-secret',
      retryDelayMs: 1,
      ...config,
    });

  it('returns vectors in the order of their texts, with what made them', async () => {
    const provider = create();
    expect(await provider.embedBatch(['aaa', 'b', 'cc'])).toEqual({
      embeddings: ['aaa', 'b', 'cc'].map((text) => new Float32Array(vectorOf(text))),
      dimensions: 3,
      provider: 'openai-compatible',
      model: 'openai-compatible:m',
      totalTokens: 3,
    });
    expect(await provider.embed('aaa')).toMatchObject({
      embedding: new Float32Array([3, 1, 0.5]),
      dimensions: 3,
      cached: false,
    });
    expect([provider.getDimensions(), provider.isReady(), provider.getProviderType()]).toEqual([
      3,
      true,
      'openai-compatible',
    ]);
    expect(server.requests[0]?.authorization).toBe('Bearer sk-secret');
  });

  it('sends large batches in parts, each text once, and tells how far it has come', async () => {
    const provider = create({ maxBatch: 2 });
    const steps: unknown[] = [];
    provider.on('batch:progress', (step) => steps.push(step));
    const { embeddings } = await provider.embedBatch(['a', 'bb', 'a', 'ccc', 'bb']);
    expect(embeddings.map(([length]) => length)).toEqual([1, 2, 1, 3, 2]);
    expect(server.requests.map(({ input }) => input)).toEqual([['a', 'bb'], ['ccc']]);
    expect(steps).toEqual([
      { processed: 4, total: 5 },
      { processed: 5, total: 5 },
    ]);
    expect(await provider.embedBatch([])).toMatchObject({ embeddings: [] });
  });

  it('pays for no text twice, in this process or another', async () => {
    using database = await temporaryDatabase();
    const repository = new EmbeddingRepository(database.db);
    const first = new EmbeddingProvider(
      { provider: 'openai-compatible', baseURL: server.baseURL, model: 'm' },
      repository,
    );
    await first.embedBatch(['a', 'bb']);
    const second = new EmbeddingProvider(
      { provider: 'openai-compatible', baseURL: server.baseURL, model: 'm' },
      repository,
    );
    expect(await second.embed('a')).toMatchObject({ embedding: new Float32Array([1, 1, 0.5]), cached: true });
    await second.embedBatch(['bb', 'new']);
    expect(server.requests.map(({ input }) => input)).toEqual([['a', 'bb'], ['new']]);
    const other = new EmbeddingProvider(
      { provider: 'openai-compatible', baseURL: server.baseURL, model: 'other' },
      repository,
    );
    expect(await other.embed('a')).toMatchObject({ cached: false });
  });

  const failing =
    (times: number, fail: Behaviour): Behaviour =>
    (response, texts, attempt) =>
      attempt <= times ? fail(response, texts, attempt) : answer(response, texts);

  it.each<[string, Behaviour]>([
    ['429', (response) => send(response, 429, {})],
    ['429 that names a time', (response) => send(response, 429, {}, { 'retry-after': '0' })],
    ['500', (response) => send(response, 500, 'internal error')],
    ['503', (response) => send(response, 503, {})],
    ['a connection that is cut off', (response) => response.destroy()],
    [
      'an answer that is cut off',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"data": [');
        response.destroy();
      },
    ],
  ])('tries again after %s', async (_what, fail) => {
    server.behaviour = failing(2, fail);
    expect((await create().embed('aaa')).embedding[0]).toBe(3);
    expect(server.requests).toHaveLength(3);
  });

  it('gives up after some tries, with an error that may be retried and tells no secret', async () => {
    server.behaviour = (response) => send(response, 500, {});
    const failure = await create({ maxRetries: 2 })
      .embed('private text')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'DB_EMBEDDING_FAILED',
      retryable: true,
      message: expect.stringContaining('status 500, after 3 tries'),
    });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toMatch(/sk-secret|private text/);
    expect(server.requests).toHaveLength(3);
  });

  it('gives up on a server that does not answer in time', async () => {
    server.behaviour = () => undefined;
    await expect(create({ timeoutMs: 50, maxRetries: 1 }).embed('a')).rejects.toMatchObject({
      retryable: true,
      message: expect.stringContaining('no answer within 50 ms, after 2 tries'),
    });
  });

  it.each<[string, Behaviour, RegExp]>([
    ['401', (response) => send(response, 401, { error: 'sk-secret is wrong' }), /status 401\. Check the API key/],
    ['404', (response) => send(response, 404, 'nothing here'), /status 404\. Check the base URL/],
    ['400', (response) => send(response, 400, {}), /status 400/],
    ['too few vectors', (response) => send(response, 200, { data: [] }), /0 vectors for 1 texts/],
    [
      'too many vectors',
      (response) => send(response, 200, { data: [{ embedding: [1] }, { embedding: [2] }] }),
      /2 vectors for 1 texts/,
    ],
    ['no vector', (response) => send(response, 200, { data: [{ embedding: 'text' }] }), /no vector/],
    ['a hole', (response) => send(response, 200, { data: [{ embedding: [1, null] }] }), /no vector/],
    ['an empty vector', (response) => send(response, 200, { data: [{ embedding: [] }] }), /0 dimensions/],
    ['a number that is too large', (response) => send(response, 200, { data: [{ embedding: [1e300] }] }), /not finite/],
    ['another shape', (response) => send(response, 200, [1, 2]), /0 vectors/],
  ])('refuses %s at once, and stores nothing', async (_what, behaviour, message) => {
    server.behaviour = behaviour;
    await expect(create().embed('a')).rejects.toThrow(message);
    await expect(create().embed('a')).rejects.toMatchObject({ code: 'DB_EMBEDDING_FAILED', retryable: false });
    expect(server.requests).toHaveLength(2);
  });

  it('refuses vectors that change their dimensions', async () => {
    const provider = create();
    await provider.embed('a');
    server.behaviour = (response) => send(response, 200, { data: [{ embedding: [1, 2] }] });
    await expect(provider.embed('b')).rejects.toThrow(/2 dimensions instead of 3/);
    await expect(create({ dimensions: 5 }).embed('a')).rejects.toThrow(/2 dimensions instead of 5/);
  });

  it('stops when it is told to', async () => {
    server.behaviour = () => controller.abort(new Error('changed my mind'));
    const controller = new AbortController();
    await expect(create().embed('a', { signal: controller.signal })).rejects.toThrow('changed my mind');
    await expect(
      create().embedBatch(['a'], { signal: AbortSignal.abort(new Error('before it began')) }),
    ).rejects.toThrow('before it began');
    expect(server.requests).toHaveLength(1);
  });

  it('takes keys from the environment', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'from-env');
    vi.stubEnv('XAI_API_KEY', 'from-xai');
    await new EmbeddingProvider({ provider: 'openai', baseURL: server.baseURL }).embed('a');
    await new EmbeddingProvider({ provider: 'grok', baseURL: server.baseURL }).embed('a');
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer from-env', 'Bearer from-xai']);
    expect(new EmbeddingProvider({ provider: 'openai' }).getModel()).toBe('openai:text-embedding-3-small');
  });
});

describe('a provider of another kind', () => {
  it('is words, honestly, where no local model can be had', async () => {
    const provider = new EmbeddingProvider({ provider: 'local' });
    const warnings: string[] = [];
    provider.on('warning', ({ message }) => warnings.push(message));
    expect([provider.getModel(), provider.getDimensions()]).toEqual(['local:Xenova/all-MiniLM-L6-v2', 384]);
    expect(await provider.embed('retry helper')).toMatchObject({
      provider: 'lexical',
      model: 'lexical:subword-hash-1',
      dimensions: 512,
    });
    expect(warnings).toEqual([
      expect.stringMatching(/npm install @huggingface\/transformers.*by words, not by meaning/),
    ]);
    await expect(
      new EmbeddingProvider({ provider: 'local', lexicalFallback: false }).initialize(),
    ).rejects.toMatchObject({
      code: 'DB_EMBEDDING_FAILED',
    });
  });

  it('is a model on this machine, where its package is installed', () => {
    const worker = fileURLToPath(new URL('./support/with-transformers.ts', import.meta.url));
    const run = (model: string) => JSON.parse(execFileSync(process.execPath, [worker, model], { encoding: 'utf8' }));
    expect(run('tiny')).toEqual({
      dimensions: 4,
      provider: 'local',
      model: 'local:tiny',
      vectors: [
        [4, 1, 1, 1],
        [6, 1, 1, 1],
      ],
      warnings: [],
    });
    expect(run('missing')).toMatchObject({
      provider: 'lexical',
      warnings: [expect.stringMatching(/The model missing can't be loaded.*by words/)],
    });
  });

  it('is a plain function', async () => {
    const provider = new EmbeddingProvider({
      provider: async (texts) => texts.map((text) => [text.length, 1]),
      model: 'lengths',
    });
    expect(await provider.embed('four')).toMatchObject({
      embedding: new Float32Array([4, 1]),
      provider: 'function',
      model: 'function:lengths',
    });
    const wrong = new EmbeddingProvider({ provider: async () => [[1], [2]] });
    await expect(wrong.embed('a')).rejects.toThrow(/2 vectors for 1 texts/);
  });

  it.each([true, false])('is a model of the AI SDK, within its limits (parallel calls: %s)', async (parallel) => {
    const model = new MockEmbeddingModelV3(2, parallel);
    const provider = new EmbeddingProvider({ provider: model });
    const batch = await provider.embedBatch(['a', 'bb', 'ccc', 'dddd', 'eeeee']);
    expect(batch).toMatchObject({ provider: 'ai-sdk', model: 'mock-provider:mock-model', totalTokens: 5 });
    expect(batch.embeddings.map(([length]) => length)).toEqual([1, 2, 3, 4, 5]);
    expect(model.calls.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('is a mock whose vectors depend on the text alone', async () => {
    const [a, b] = [
      new EmbeddingProvider({ provider: 'mock', dimensions: 8 }),
      new EmbeddingProvider({ provider: 'mock', dimensions: 8 }),
    ];
    expect((await a.embed('x')).embedding).toEqual((await b.embed('x')).embedding);
    expect((await a.embed('x')).embedding).not.toEqual((await a.embed('y')).embedding);
    expect(a.getDimensions()).toBe(8);
  });

  it('is refused where it makes no sense', async () => {
    expect(() => new EmbeddingProvider({ provider: 'openai-compatible' })).toThrow(/Invalid baseURL/);
    expect(() => new EmbeddingProvider({ provider: 'openai-compatible', baseURL: 'http://x' })).toThrow(
      /Invalid model/,
    );
    const unknown: object = { provider: 'magic' };
    expect(() => new EmbeddingProvider(unknown)).toThrow(/Invalid provider/);
    await expect(new EmbeddingProvider({ provider: 'mock' }).embed('')).rejects.toThrow(/Invalid text/);
    // These never ended: no text was ever sent.
    for (const maxBatch of [0, -1]) {
      expect(() => new EmbeddingProvider({ provider: async () => [], maxBatch })).toThrow(/Invalid maxBatch/);
    }
  });
});
