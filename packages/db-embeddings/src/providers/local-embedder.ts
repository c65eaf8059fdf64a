import { EmbeddingFailedError } from '@codebuddy/db-core';
import { checkVectors, type Embedder, type EmbedResult } from './embedder.ts';

/** The part of transformers.js that is used here. */
interface TransformersModule {
  readonly pipeline: (task: 'feature-extraction', model: string, options: PipelineOptions) => Promise<FeatureExtractor>;
}

interface PipelineOptions {
  readonly cache_dir?: string;
}

type FeatureExtractor = (
  texts: readonly string[],
  options: { readonly pooling: 'mean'; readonly normalize: true },
) => Promise<{ tolist(): unknown }>;

const PACKAGE = '@huggingface/transformers';

/** Makes vectors on this machine, by transformers.js: an optional package that is loaded when first needed. */
export class LocalEmbedder implements Embedder {
  readonly model: string;
  readonly dimensions: number | undefined;
  readonly maxBatch = 32;
  readonly #name: string;
  readonly #options: PipelineOptions;
  #extractor: Promise<FeatureExtractor> | undefined;

  constructor(
    name = 'Xenova/all-MiniLM-L6-v2',
    dimensions: number | undefined = name === 'Xenova/all-MiniLM-L6-v2' ? 384 : undefined,
    cacheDir?: string,
  ) {
    this.#options = cacheDir === undefined ? {} : { cache_dir: cacheDir };
    this.#name = name;
    this.model = `local:${name}`;
    this.dimensions = dimensions;
  }

  /**
   * Loads the model.
   *
   * @throws EmbeddingFailedError when the package is not installed, or the model can't be loaded
   */
  async load(): Promise<void> {
    await this.#load();
  }

  async embed(texts: readonly string[]): Promise<EmbedResult> {
    const extract = await this.#load();
    const vectors = (await extract(texts, { pooling: 'mean', normalize: true })).tolist();
    return {
      embeddings: checkVectors(vectors, texts.length, this.model, this.dimensions),
    };
  }

  #load(): Promise<FeatureExtractor> {
    this.#extractor ??= this.#open().catch((error: unknown) => {
      // The next call may find the package installed, or the network back.
      this.#extractor = undefined;
      throw error;
    });
    return this.#extractor;
  }

  async #open(): Promise<FeatureExtractor> {
    let transformers: unknown;
    try {
      transformers = await import(PACKAGE);
    } catch (cause) {
      throw new EmbeddingFailedError(`Local embeddings need ${PACKAGE}. Install it with: npm install ${PACKAGE}`, {
        cause,
      });
    }
    if (!isTransformers(transformers))
      throw new EmbeddingFailedError(`${PACKAGE} has no pipeline. Install version 3 or newer.`);
    try {
      return await transformers.pipeline('feature-extraction', this.#name, this.#options);
    } catch (cause) {
      throw new EmbeddingFailedError(
        `The model ${this.#name} can't be loaded. Check the network, or its files on disk.`,
        { cause },
      );
    }
  }
}

function isTransformers(module: unknown): module is TransformersModule {
  return typeof module === 'object' && module !== null && 'pipeline' in module && typeof module.pipeline === 'function';
}
