import type { TextVector } from '@codebuddy/db-core';
import { EmbeddingFailedError } from '@codebuddy/db-core';
import {
  describeUnusedNames,
  type Given,
  optionalBoolean,
  readConfig,
  readOptions,
  requireArray,
  requireString,
  TypedEventEmitter,
} from '@codebuddy/db-core/internal';
import { toTextVectors } from '../repository/embedding-cache.ts';
import {
  createEmbedder,
  type EmbeddingProviderConfig,
  KEY_VARIABLES,
  type NamedEmbedder,
  PROVIDER_CONFIG_NAMES,
} from './create-embedder.ts';
import { checkVectors, type EmbedOptions, requireSignal } from './embedder.ts';
import { HttpEmbedder } from './http-embedder.ts';
import { keepVectors } from './keep-vectors.ts';
import { LexicalEmbedder } from './lexical-embedder.ts';
import { LocalEmbedder } from './local-embedder.ts';

/** The vector of one text. */
export interface Embedding {
  readonly embedding: Float32Array;
  readonly dimensions: number;
  readonly provider: string;
  /** The model that made it, such as `openai:text-embedding-3-small`: only vectors of one model are compared. */
  readonly model: string;
  /** Whether it had been made before. */
  readonly cached?: boolean;
}

/** The vectors of some texts, in their order. */
export interface EmbeddingBatch {
  readonly embeddings: readonly Float32Array[];
  readonly dimensions: number;
  readonly provider: string;
  readonly model: string;
  /** The tokens that the model counted, if it reports them; texts that were not sent are not counted. */
  readonly totalTokens?: number;
}

/** A cache of vectors, so that none is paid for twice, such as `EmbeddingRepository`. */
export interface VectorCache {
  getCachedVector(text: string, model: string): Float32Array | undefined;
  /** Keeps vectors, all or none. */
  cacheVectors(model: string, vectors: readonly TextVector[]): void;
  /** Keeps them without making anybody wait. It is asked in place of `cacheVectors` if it is there. */
  cacheVectorsSoon?(model: string, vectors: readonly TextVector[]): Promise<void>;
}

/** The events of a provider. */
export interface EmbeddingProviderEvents {
  /** The model is ready. */
  initialized: { dimensions: number; provider: string; model: string };
  'batch:progress': { processed: number; total: number };
  /** Something works less well than it should; the message says what to do. */
  warning: { message: string };
}

/**
 * Makes vectors of texts, by whichever model the configuration names.
 *
 * If a local model is asked for and can't be loaded, words take its place: a `warning` says so, and the vectors carry
 * another model's name, so that they are never compared with those of the model.
 *
 * @example
 * ```ts
 * const provider = new EmbeddingProvider({ provider: 'openai-compatible', baseURL: 'http://127.0.0.1:11434/v1', model: 'nomic-embed-text' });
 * await provider.initialize();
 * const { embedding, model } = await provider.embed('retry with backoff');
 * ```
 */
export class EmbeddingProvider extends TypedEventEmitter<EmbeddingProviderEvents> {
  readonly #config: Given<EmbeddingProviderConfig>;
  readonly #cache: VectorCache | undefined;
  #named: NamedEmbedder;
  #dimensions: number | undefined;
  #ready: Promise<void> | undefined;
  #isReady = false;
  /** To be told once, when somebody can listen. */
  #unusedNames: string | undefined;

  /** @param cache - where vectors are looked for before they are made, and kept after */
  constructor(config: EmbeddingProviderConfig = {}, cache?: VectorCache) {
    super();
    this.#config = readConfig(config, PROVIDER_CONFIG_NAMES);
    this.#unusedNames = describeUnusedNames(config, PROVIDER_CONFIG_NAMES);
    this.#cache = cache;
    this.#named = createEmbedder(this.#config);
    this.#dimensions = this.#named.embedder.dimensions;
  }

  /**
   * Gets the model ready. Calling it again changes nothing.
   *
   * @throws EmbeddingFailedError when a local model can't be loaded and nothing may take its place, or a service needs a key
   */
  async initialize(): Promise<void> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    await this.#ready;
  }

  /** Returns whether the model is ready. */
  isReady(): boolean {
    return this.#isReady;
  }

  /** Returns the provider's name: that of the configuration, or `lexical` where words took its place. */
  getProviderType(): string {
    return this.#named.type;
  }

  /** Names what makes the vectors. */
  getModel(): string {
    return this.#named.embedder.model;
  }

  /** Returns how many numbers a vector has: 0 if the model tells it only with its first answer. */
  getDimensions(): number {
    return this.#dimensions ?? this.#named.usualDimensions ?? 0;
  }

  /** Returns the vector of one text. */
  async embed(text: string, options: EmbedOptions = {}): Promise<Embedding> {
    requireString(text, 'text');
    const cache = this.#cacheFor(options);
    await this.initialize();
    const cached = cache?.getCachedVector(text, this.getModel());
    if (cached !== undefined) return { ...this.#identity(cached.length), embedding: cached, cached: true };
    const made = new Map<string, Float32Array>();
    await this.#make([text], made, 1, options);
    const embedding = made.get(text);
    if (embedding === undefined) throw new EmbeddingFailedError(`${this.getModel()} returned nothing. Try again.`);
    return { ...this.#identity(embedding.length), embedding, cached: false };
  }

  /** Returns the vectors of some texts: as many at once as the model takes, each text only once. */
  async embedBatch(texts: readonly string[], options: EmbedOptions = {}): Promise<EmbeddingBatch> {
    for (const text of requireArray(texts, 'texts')) requireString(text, 'texts');
    const cache = this.#cacheFor(options);
    await this.initialize();
    const known = new Map<string, Float32Array>();
    for (const text of new Set(texts)) {
      const cached = cache?.getCachedVector(text, this.getModel());
      if (cached !== undefined) known.set(text, cached);
    }
    const missing = [...new Set(texts)].filter((text) => !known.has(text));
    const totalTokens = await this.#make(missing, known, texts.length, options);
    const embeddings = texts.flatMap((text) => known.get(text) ?? []);
    const identity = this.#identity(embeddings[0]?.length ?? this.getDimensions());
    return totalTokens === undefined ? { ...identity, embeddings } : { ...identity, embeddings, totalTokens };
  }

  /** Makes vectors of different texts, in parts, and returns what the model counted, if it tells. */
  async #make(
    missing: readonly string[],
    known: Map<string, Float32Array>,
    total: number,
    options: EmbedOptions,
  ): Promise<number | undefined> {
    const { embedder } = this.#named;
    let totalTokens: number | undefined;
    for (let start = 0; start < missing.length; start += embedder.maxBatch) {
      options.signal?.throwIfAborted();
      const batch = missing.slice(start, start + embedder.maxBatch);
      const result = await embedder.embed(batch, options);
      if (result.totalTokens !== undefined) totalTokens = (totalTokens ?? 0) + result.totalTokens;
      this.#keep(known, batch, result.embeddings, this.#cacheFor(options));
      this.emit('batch:progress', { processed: total - missing.length + start + batch.length, total });
    }
    return totalTokens;
  }

  /** Checks the options of a call, and returns the cache that it uses. */
  #cacheFor(options: EmbedOptions): VectorCache | undefined {
    const { signal, cache } = readOptions(options, { signal: true, cache: true });
    requireSignal(signal);
    // Words are counted faster than a vector is looked up.
    const isOff = optionalBoolean(cache, 'cache') === false || this.#named.embedder instanceof LexicalEmbedder;
    return isOff ? undefined : this.#cache;
  }

  #keep(
    known: Map<string, Float32Array>,
    texts: readonly string[],
    made: readonly Float32Array[],
    cache: VectorCache | undefined,
  ): void {
    const { model } = this.#named.embedder;
    const embeddings = checkVectors(made, texts.length, model, this.#dimensions);
    this.#dimensions ??= embeddings[0]?.length;
    const vectors = toTextVectors(texts, embeddings);
    for (const { text, embedding } of vectors) known.set(text, embedding);
    if (cache !== undefined) keepVectors(cache, model, vectors);
  }

  async #prepare(): Promise<void> {
    if (this.#unusedNames !== undefined) this.emit('warning', { message: this.#unusedNames });
    this.#unusedNames = undefined;
    const { embedder } = this.#named;
    if (embedder instanceof LocalEmbedder) {
      try {
        await embedder.load();
      } catch (error) {
        if (!(error instanceof EmbeddingFailedError) || this.#config.lexicalFallback === false) throw error;
        this.#named = { type: 'lexical', embedder: new LexicalEmbedder() };
        this.#dimensions = this.#named.embedder.dimensions;
        this.emit('warning', { message: `${error.message} Until then, search goes by words, not by meaning.` });
      }
    }
    this.#requireKey();
    this.#isReady = true;
    this.emit('initialized', this.#identity(this.getDimensions()));
  }

  /** The services of this name refuse whoever has no key: nothing needs to be sent to know it. */
  #requireKey(): void {
    const { embedder, type } = this.#named;
    if (!(embedder instanceof HttpEmbedder) || embedder.hasKey || !(type in KEY_VARIABLES)) return;
    throw new EmbeddingFailedError(
      `${embedder.model} needs an API key, and nothing was sent. Give an apiKey, or set ${KEY_VARIABLES[type]}.`,
    );
  }

  #identity(dimensions: number) {
    return { dimensions, provider: this.getProviderType(), model: this.getModel() };
  }
}
