import { EmbeddingFailedError, InvalidInputError } from '@codebuddy/db-core';
import { isError, isErrorNamed, isPlainObject } from '@codebuddy/db-core/internal';
import { checkVectors, type Embedder, type EmbedOptions, type EmbedResult } from './embedder.ts';
import { type Failure, type Retries, withRetries } from './retries.ts';

/** A server that speaks OpenAI's embeddings API: OpenAI, xAI, Ollama, LM Studio, and others. */
export interface HttpEmbedderConfig extends Retries {
  /** Names the server in the model's name, such as `openai`. */
  readonly provider: string;
  /** Such as `https://api.openai.com/v1`, without a user name or a password. */
  readonly baseURL: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** Asks the model for shorter vectors, where it can make them. */
  readonly dimensions?: number | undefined;
  /** The most texts in one request. Default: 96. */
  readonly maxBatch?: number | undefined;
  /** The time limit of one request, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Asks a server for vectors. Neither its key, its address nor the texts are ever part of an error: what `fetch` and
 * `JSON.parse` throw quotes them, and is not passed on.
 */
export class HttpEmbedder implements Embedder {
  readonly model: string;
  readonly dimensions: number | undefined;
  readonly maxBatch: number;
  readonly #config: HttpEmbedderConfig;
  readonly #url: URL;
  readonly #headers: Headers;

  /** Whether requests carry a key. */
  get hasKey(): boolean {
    return this.#headers.has('authorization');
  }

  /** @throws InvalidInputError when the address is none of a server, or no header can hold the key */
  constructor(config: HttpEmbedderConfig) {
    this.#config = config;
    this.#url = urlOf(config.baseURL);
    this.#headers = headersWith(config.apiKey);
    this.model = `${config.provider}:${config.model}${config.dimensions === undefined ? '' : `@${config.dimensions}`}`;
    this.dimensions = config.dimensions;
    this.maxBatch = config.maxBatch ?? 96;
  }

  /**
   * @throws EmbeddingFailedError when the server refuses, answers nonsense, or stays out of reach (`retryable`)
   */
  async embed(texts: readonly string[], { signal }: EmbedOptions = {}): Promise<EmbedResult> {
    const toFailure = (error: unknown): Failure => ({
      isTransient: error instanceof TransientError,
      retryAfterMs: error instanceof TransientError ? error.retryAfterMs : undefined,
      asFinal: (attempts) => (error instanceof TransientError ? error.asFinal(this.model, attempts) : error),
    });
    return withRetries(() => this.#request(texts, signal), toFailure, this.#config, signal);
  }

  async #request(texts: readonly string[], signal: AbortSignal | undefined): Promise<EmbedResult> {
    const { model, dimensions, timeoutMs = 30_000 } = this.#config;
    const timeout = AbortSignal.timeout(timeoutMs);
    const request = {
      method: 'POST',
      headers: this.#headers,
      body: JSON.stringify({
        model,
        input: texts,
        encoding_format: 'float',
        ...(dimensions === undefined ? {} : { dimensions }),
      }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    };
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(this.#url, request);
      body = await readBody(response);
    } catch (error) {
      throw new TransientError(timeout.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error));
    }
    if (response.status === 429 || response.status >= 500) {
      throw new TransientError(`status ${response.status}`, retryAfter(response));
    }
    if (!response.ok) {
      throw new EmbeddingFailedError(
        `${this.model}: the server refused with status ${response.status}. ${adviceFor(response.status)}`,
      );
    }
    return this.#read(body, texts.length);
  }

  #read(body: unknown, texts: number): EmbedResult {
    const data = isPlainObject(body) && Array.isArray(body['data']) ? body['data'] : [];
    const vectors: unknown[] = [];
    for (const [index, item] of data.entries()) {
      if (!isPlainObject(item)) continue;
      vectors[typeof item['index'] === 'number' ? item['index'] : index] = item['embedding'];
    }
    const usage = isPlainObject(body) && isPlainObject(body['usage']) ? body['usage']['total_tokens'] : undefined;
    const embeddings = checkVectors(Array.from(vectors), texts, this.model, this.dimensions);
    return typeof usage === 'number' ? { embeddings, totalTokens: usage } : { embeddings };
  }
}

/** A failure that may have passed by the next try. */
class TransientError extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }

  asFinal(model: string, attempts: number): EmbeddingFailedError {
    const message = `${model}: ${this.message}, after ${attempts} tries. Try again later, or check the network and the base URL.`;
    return new EmbeddingFailedError(message, { retryable: true });
  }
}

function urlOf(baseURL: string): URL {
  const url = URL.parse(`${baseURL.replace(/\/+$/, '')}/embeddings`);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new InvalidInputError('baseURL', 'expected the address of a server, such as http://127.0.0.1:11434/v1');
  if (url.username !== '' || url.password !== '')
    throw new InvalidInputError('baseURL', 'expected an address without a user name and a password: give an apiKey');
  return url;
}

function headersWith(apiKey: string | undefined): Headers {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (apiKey === undefined || apiKey === '') return headers;
  try {
    headers.set('authorization', `Bearer ${apiKey}`);
  } catch {
    throw new InvalidInputError('apiKey', 'expected a key of one line, in characters that a header can hold');
  }
  return headers;
}

/** Names a failure by its code, such as `ECONNREFUSED`, which is all that can be told of it. */
function reasonOf(error: unknown): string {
  if (isErrorNamed(error, 'SyntaxError')) return 'the answer is not JSON';
  const { cause } = isError(error) ? error : {};
  const code = isError(cause) && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? `the connection failed (${code})` : 'the connection failed';
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (isErrorNamed(error, 'SyntaxError') && !response.ok) return undefined;
    throw error;
  }
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return 'Check the API key.';
  if (status === 404) return 'Check the base URL and the name of the model.';
  return 'Check the name of the model and the length of the texts.';
}
