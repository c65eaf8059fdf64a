import type { Duration } from '@codebuddy/db-core';
import { InvalidInputError } from '@codebuddy/db-core';
import {
  hashContent,
  isPlainObject,
  type NamesOf,
  readOptions,
  requireNumber,
  requireString,
} from '@codebuddy/db-core/internal';
import type { CacheRepository } from './cache-repository.ts';
import { isSameQuestion } from './same-question.ts';

/** The options of a semantic cache. */
export interface SemanticCacheOptions {
  /** Keeps the answers of one purpose apart from those of another, a project's or a tool's for instance. */
  readonly namespace: string;
  /** The model that gives the answers: another one's are not handed out. */
  readonly model: string;
  /** The model that makes the embeddings: another one's are not compared. */
  readonly embeddingModel: string;
  /** The least similarity of two questions with one answer, from 0 to 1. Default: 0.92. */
  readonly threshold?: number | null | undefined;
  /**
   * Tells whether a question asks for the same as one that is stored and similar enough. Default: both are made of the same
   * words, other forms, a few synonyms and words that say nothing aside.
   */
  readonly isSame?: ((asked: string, stored: string) => boolean) | null | undefined;
}

/** An answer to a question that was asked before in other words. */
export interface SemanticHit {
  /** For {@link SemanticCache.evict}, should the answer be wrong. */
  readonly key: string;
  readonly answer: unknown;
  /** The question that it answered. */
  readonly question: string;
  readonly similarity: number;
}

const OPTION_NAMES: NamesOf<SemanticCacheOptions> = {
  namespace: true,
  model: true,
  embeddingModel: true,
  threshold: true,
  isSame: true,
};

const CANDIDATES = 5;

/**
 * Answers questions that were asked before in other words. It abstains if the two questions differ in a word that may matter,
 * or in the order of names, whatever their similarity: "enable it" is no answer to "disable it", nor "JSON to YAML" to "YAML
 * to JSON".
 *
 * @example
 * ```ts
 * const answers = new SemanticCache(cache, { namespace: 'shop', model: 'grok-3', embeddingModel: 'mini-lm' });
 * const hit = answers.find(question, embedding);
 * if (hit === undefined) answers.store(question, embedding, await ask(question), { ttlMs: '7d' });
 * ```
 */
export class SemanticCache {
  readonly #cache: CacheRepository;
  readonly #embeddingModel: string;
  readonly #category: string;
  readonly #threshold: number;
  readonly #isSame: (asked: string, stored: string) => boolean;

  constructor(cache: CacheRepository, options: SemanticCacheOptions) {
    this.#cache = cache;
    const { namespace, model, embeddingModel, threshold, isSame } = readOptions(options, OPTION_NAMES);
    this.#embeddingModel = requireString(embeddingModel, 'embeddingModel');
    const parts = [requireString(namespace, 'namespace'), requireString(model, 'model')];
    this.#category = `semantic:${JSON.stringify(parts)}`;
    this.#threshold = requireNumber(threshold ?? 0.92, 'threshold', { min: 0, max: 1 });
    this.#isSame = isSame ?? isSameQuestion;
  }

  /** Returns the answer to the most similar question that asks for the same, or `undefined`. */
  find(question: string, embedding: Float32Array): SemanticHit | undefined {
    requireString(question, 'question');
    const candidates = this.#cache.searchSimilar(embedding, this.#category, CANDIDATES, this.#embeddingModel);
    for (const { key, value, similarity } of candidates) {
      if (similarity < this.#threshold) return undefined;
      if (!isPlainObject(value) || typeof value['question'] !== 'string') continue;
      if (this.#isSame(question, value['question'])) {
        return { key, answer: value['answer'], question: value['question'], similarity };
      }
    }
    return undefined;
  }

  /** Stores an answer, and returns its key. */
  store(
    question: string,
    embedding: Float32Array,
    answer: unknown,
    options: { readonly ttlMs?: Duration | null | undefined } = {},
  ): string {
    if (answer === undefined) throw new InvalidInputError('answer', 'expected a value');
    const key = `${this.#category}:${hashContent(Buffer.from(requireString(question, 'question')))}`;
    const value = { question: question.toWellFormed(), answer };
    this.#cache.set(key, value, {
      ...readOptions(options, { ttlMs: true }),
      category: this.#category,
      embedding,
      embeddingModel: this.#embeddingModel,
    });
    return key;
  }

  /** Forgets one answer that was wrong, and returns whether it existed. */
  evict(key: string): boolean {
    return this.#cache.delete(key);
  }

  /** Forgets every answer of this namespace and model, and returns how many there were. */
  clear(): number {
    return this.#cache.deleteByCategory(this.#category);
  }
}
