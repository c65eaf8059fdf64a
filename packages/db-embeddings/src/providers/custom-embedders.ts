import { EmbeddingFailedError } from '@codebuddy/db-core';
import { isError } from '@codebuddy/db-core/internal';
import { checkVectors, type Embedder, type EmbedOptions, type EmbedResult } from './embedder.ts';

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

/** Makes vectors by a model of the AI SDK, within the limits that it tells. */
export class AiSdkEmbedder implements Embedder {
  readonly model: string;
  // The model may tell its own limit only later, so that calls are cut here.
  readonly maxBatch = Number.MAX_SAFE_INTEGER;
  readonly #sdk: AiSdkEmbeddingModel;

  constructor(sdk: AiSdkEmbeddingModel) {
    this.#sdk = sdk;
    this.model = `${sdk.provider}:${sdk.modelId}`;
  }

  async embed(texts: readonly string[], { signal }: EmbedOptions = {}): Promise<EmbedResult> {
    const size = (await this.#sdk.maxEmbeddingsPerCall) ?? texts.length;
    const calls: string[][] = [];
    for (let start = 0; start < texts.length; start += size) calls.push(texts.slice(start, start + size));
    const run = (values: string[]) => this.#call(values, signal);
    const results = (await this.#sdk.supportsParallelCalls)
      ? await Promise.all(calls.map(run))
      : await inTurn(calls, run);
    const vectors = results.flatMap(({ embeddings }) => embeddings);
    const totalTokens = results.reduce((sum, { usage }) => sum + (usage?.tokens ?? 0), 0);
    return { embeddings: checkVectors(vectors, texts.length, this.model, undefined), totalTokens };
  }

  /**
   * An error of the SDK holds the texts and the answer: only its kind is passed on, and whether another try may help.
   */
  async #call(values: string[], signal: AbortSignal | undefined) {
    try {
      return await this.#sdk.doEmbed({ values, ...(signal === undefined ? {} : { abortSignal: signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      const failure = isError(error) ? error : {};
      const status = 'statusCode' in failure && typeof failure.statusCode === 'number' ? failure.statusCode : undefined;
      const reason = status === undefined ? 'the call failed' : `the call failed with status ${status}`;
      const retryable = 'isRetryable' in failure && failure.isRetryable === true;
      throw new EmbeddingFailedError(
        `${this.model}: ${reason}. Check the model's key and the length of the texts, or try again later.`,
        { retryable },
      );
    }
  }
}

/** Vectors for tests: the same text always gives the same one, and nothing else is true of them. */
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
    return Float32Array.from({ length: this.dimensions }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 31 - 1;
    });
  }
}

async function inTurn<Input, Output>(
  inputs: readonly Input[],
  run: (input: Input) => PromiseLike<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const input of inputs) outputs.push(await run(input));
  return outputs;
}
