import { EmbeddingFailedError } from '@codebuddy/db-core';
import { isError, isPlainObject } from '@codebuddy/db-core/internal';
import { checkVectors, type Embedder, type EmbedOptions, type EmbedResult } from './embedder.ts';
import { type Failure, type Retries, withRetries } from './retries.ts';

/** A plain function that makes vectors. */
export type EmbedFunction = (texts: string[]) => Promise<readonly (readonly number[] | Float32Array)[]>;

/** An embedding model of the AI SDK (https://ai-sdk.dev), versions 2 to 4 of its specification, taken by its shape. */
export interface AiSdkEmbeddingModel {
  readonly specificationVersion: 'v2' | 'v3' | 'v4';
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall: number | undefined | PromiseLike<number | undefined>;
  readonly supportsParallelCalls: boolean | PromiseLike<boolean>;
  doEmbed(options: { values: string[]; abortSignal?: AbortSignal }): PromiseLike<{
    readonly embeddings: readonly (readonly number[])[];
    readonly usage?: { readonly tokens: number } | undefined;
  }>;
}

const DEFAULT_BATCH = 96;

/** The most calls to a model at once: more meet the limits of its server. */
const MAX_PARALLEL = 4;

/** Makes vectors by a caller's function. */
export class FunctionEmbedder implements Embedder {
  readonly model: string;
  readonly dimensions: number | undefined;
  readonly maxBatch: number;
  readonly #embed: EmbedFunction;

  /** @param model - names what the function does: vectors of another name are not compared with its own */
  constructor(
    embed: EmbedFunction,
    model: string,
    options: { readonly dimensions?: number | undefined; readonly maxBatch?: number | undefined } = {},
  ) {
    this.#embed = embed;
    this.model = model;
    this.dimensions = options.dimensions;
    this.maxBatch = options.maxBatch ?? DEFAULT_BATCH;
  }

  async embed(texts: readonly string[], { signal }: EmbedOptions = {}): Promise<EmbedResult> {
    signal?.throwIfAborted();
    return { embeddings: checkVectors(await this.#embed([...texts]), texts.length, this.model, this.dimensions) };
  }
}

/** Makes vectors by a model of the AI SDK, within the limits that it tells, a few calls at once. */
export class AiSdkEmbedder implements Embedder {
  readonly model: string;
  // The model may tell its own limit only later: it cuts these into its calls.
  readonly maxBatch = DEFAULT_BATCH * MAX_PARALLEL;
  readonly #sdk: AiSdkEmbeddingModel;
  readonly #retries: Retries;

  constructor(sdk: AiSdkEmbeddingModel, retries: Retries = {}) {
    this.#sdk = sdk;
    this.#retries = retries;
    this.model = `${sdk.provider}:${sdk.modelId}`;
  }

  /** @throws EmbeddingFailedError when the model refuses, or is busy at every try (`retryable`) */
  async embed(texts: readonly string[], { signal }: EmbedOptions = {}): Promise<EmbedResult> {
    const size = Math.min((await this.#sdk.maxEmbeddingsPerCall) ?? DEFAULT_BATCH, DEFAULT_BATCH * MAX_PARALLEL);
    const calls: string[][] = [];
    for (let start = 0; start < texts.length; start += size) calls.push(texts.slice(start, start + size));
    const parallel = (await this.#sdk.supportsParallelCalls) ? MAX_PARALLEL : 1;
    const results = await inParallel(calls, parallel, (values) => this.#call(values, signal));
    const vectors = results.flatMap(({ embeddings }) => embeddings);
    const totalTokens = results.reduce((sum, { usage }) => sum + (usage?.tokens ?? 0), 0);
    return { embeddings: checkVectors(vectors, texts.length, this.model, undefined), totalTokens };
  }

  #call(values: string[], signal: AbortSignal | undefined) {
    const call = async () => this.#sdk.doEmbed({ values, ...(signal === undefined ? {} : { abortSignal: signal }) });
    return withRetries(call, (error) => this.#toFailure(error), this.#retries, signal);
  }

  /**
   * An error of the SDK holds the texts and the answer: only its kind is passed on, and whether another try may help.
   */
  #toFailure(error: unknown): Failure {
    const failure = isError(error) ? error : {};
    const status = 'statusCode' in failure && typeof failure.statusCode === 'number' ? failure.statusCode : undefined;
    const reason = status === undefined ? 'the call failed' : `the call failed with status ${status}`;
    const isTransient = 'isRetryable' in failure && failure.isRetryable === true;
    const headers =
      'responseHeaders' in failure && isPlainObject(failure.responseHeaders) ? failure.responseHeaders : {};
    const seconds = Number(headers['retry-after'] ?? Number.NaN);
    return {
      isTransient,
      retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined,
      asFinal: (attempts) =>
        new EmbeddingFailedError(
          `${this.model}: ${reason}${isTransient ? `, after ${attempts} tries` : ''}. Check the model's key and the length of the texts, or try again later.`,
          { retryable: isTransient },
        ),
    };
  }
}

/** Vectors for tests, of length 1: the same text always gives the same one, and nothing else is true of them. */
export class MockEmbedder implements Embedder {
  readonly model: string;
  readonly dimensions: number;
  readonly maxBatch = DEFAULT_BATCH;

  constructor(dimensions = 384) {
    this.dimensions = dimensions;
    this.model = `mock:${dimensions}`;
  }

  async embed(texts: readonly string[]): Promise<EmbedResult> {
    return { embeddings: texts.map((text) => this.#vectorOf(text)) };
  }

  #vectorOf(text: string): Float32Array {
    let state = 1;
    for (const character of text) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
    const numbers = Float64Array.from({ length: this.dimensions }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 31 - 1;
    });
    const length = Math.hypot(...numbers);
    return Float32Array.from(numbers, (number) => number / length);
  }
}

/** Runs a call for each input, a few at once, and returns the outputs in the order of the inputs. */
async function inParallel<Input, Output>(
  inputs: readonly Input[],
  atOnce: number,
  run: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  const waiting = inputs.entries();
  let hasFailed = false;
  // All workers take from the same iterator: each input is taken once, and none after a failure.
  const work = async () => {
    for (const [index, input] of waiting) {
      if (hasFailed) return;
      try {
        outputs[index] = await run(input);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, inputs.length) }, work));
  return outputs;
}
