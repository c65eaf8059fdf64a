import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddingProvider, type EmbeddingProviderConfig } from '../src/index.ts';
import { MockEmbeddingModelV3 } from './support/ai-sdk-model.ts';
import { type Behaviour, EmbeddingServer, send } from './support/embedding-server.ts';

const KEY = 'sk-hush-the-key';
const TEXT = 'hush-the-text';

/** Everything that somebody sees who logs an error. */
const everythingIn = (error: unknown) => inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });

describe('an error of a provider behind a server', () => {
  let server: EmbeddingServer;
  beforeEach(async () => {
    server = new EmbeddingServer();
    await server.start();
  });
  afterEach(() => server.stop());

  const failureOf = async (config: EmbeddingProviderConfig) => {
    try {
      const baseURL = config.baseURL ?? server.baseURL;
      const usual = { provider: 'openai-compatible', model: 'm', apiKey: KEY, maxRetries: 1, retryDelayMs: 1 } as const;
      await new EmbeddingProvider({ ...usual, ...config, baseURL }).embed(TEXT);
    } catch (error) {
      return error;
    }
    throw new Error('it did not fail');
  };

  it.each<[string, Behaviour]>([
    ['an answer that is the text itself', (response, [text]) => send(response, 200, text)],
    ['an answer that is nearly JSON', (response, [text]) => send(response, 200, `{"data": "${text}`)],
    ['a refusal that quotes text and key', (response, [text]) => send(response, 400, { error: `${text} ${KEY}` })],
    ['a failure that quotes text and key', (response, [text]) => send(response, 500, `${text} ${KEY}`)],
    ['vectors that are texts', (response, [text]) => send(response, 200, { data: [{ embedding: [text] }] })],
    ['a connection that is cut off', (response) => response.destroy()],
    ['a redirect to nowhere', (response, [text]) => send(response, 302, '', { location: `nowhere://${text}` })],
  ])('tells nothing of text and key: %s', async (_, behaviour) => {
    server.behaviour = behaviour;
    const failure = await failureOf({});
    expect(failure).toMatchObject({ code: 'DB_EMBEDDING_FAILED' });
    expect(everythingIn(failure)).not.toMatch(/hush/);
  });

  it('names the failure of a connection by its code', async () => {
    const { baseURL } = server;
    await server.stop();
    const failure = await failureOf({ baseURL });
    expect(failure).toMatchObject({
      message: expect.stringContaining('the connection failed (ECONNREFUSED), after 2 tries'),
    });
    expect(failure).not.toHaveProperty('cause');
    await server.start();
  });

  it.each<[string, EmbeddingProviderConfig]>([
    ['apiKey', { apiKey: `${KEY}\nsecond line` }],
    ['apiKey', { apiKey: `${KEY}\u2028` }],
    ['apiKey', { provider: 'grok', apiKey: `${KEY}\0` }],
    ['baseURL', { baseURL: 'http://me:hush@127.0.0.1:1/v1' }],
    ['baseURL', { provider: 'openai', baseURL: 'https://hush@127.0.0.1:1/v1' }],
    ['baseURL', { baseURL: 'hush' }],
    ['baseURL', { baseURL: 'ftp://hush/v1' }],
    ['baseURL', { baseURL: 'http://hush:hush/' }],
  ])('refuses a %s that fetch would quote, before anything is sent: %j', async (field, config) => {
    const failure = await failureOf(config);
    expect(failure).toMatchObject({ code: 'DB_INVALID_INPUT', field });
    expect(everythingIn(failure)).not.toMatch(/hush/);
    expect(server.requests).toEqual([]);
  });
});

it('an error of an AI SDK model tells its status, not the texts that it carries', async () => {
  class FailingModel extends MockEmbeddingModelV3 {
    override async doEmbed({ values }: { values: string[] }): Promise<never> {
      const details = { statusCode: 429, isRetryable: true, requestBodyValues: { values }, responseBody: values[0] };
      throw Object.assign(new Error(`Too many: ${values}`), details);
    }
  }
  const provider = new EmbeddingProvider({ provider: new FailingModel(2, true) });
  const failure = await provider.embed(TEXT).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'DB_EMBEDDING_FAILED',
    retryable: true,
    message: expect.stringContaining('mock-provider:mock-model: the call failed with status 429'),
  });
  expect(everythingIn(failure)).not.toMatch(/hush/);
});
