import { getDatabaseManager, hasErrorCode, type Memory } from '@codebuddy/db-core';
import { type Given, redactionOf, redactText } from '@codebuddy/db-core/internal';
import type { Embedding } from '@codebuddy/db-embeddings';
import { getMemoryRepository } from '@codebuddy/db-memory';
import type { AddMemoryOptions, MemorySearchResult, SearchMemoriesOptions } from './integration-types.ts';
import type { ProviderAccess } from './provider-access.ts';

const PENDING_AT_ONCE = 20;

/** Memories that are found by their meaning, with a model that may be out of reach. */
export class SemanticMemories {
  readonly #provider: ProviderAccess;
  readonly #warn: (message: string) => void;

  /** @param warn - told when something has to wait for the model */
  constructor(provider: ProviderAccess, warn: (message: string) => void) {
    this.#provider = provider;
    this.#warn = warn;
  }

  /** Stores a memory, then its vector with those that are pending; without the model it is pending too. */
  async add(content: string, options: Given<AddMemoryOptions>): Promise<Memory> {
    const { type = 'fact', scope, userId, projectId, importance, expiresAt, metadata } = options;
    const { generateEmbedding = true } = options;
    const owner = { user_id: userId, project_id: projectId };
    const memory = { content, type, scope, ...owner, importance, expires_at: expiresAt, metadata };
    const stored = getMemoryRepository().create({ ...memory, embedding_owed: generateEmbedding });
    if (!generateEmbedding || stored.embedding !== undefined) return stored;
    const made = await this.#tryToEmbed(content, 'The memory was stored; its vector is made later.');
    if (made === undefined) return stored;
    const { embedding, model: embedding_model } = made;
    getMemoryRepository().update(stored.id, { embedding, embedding_model });
    await this.embedPending();
    return { ...stored, embedding, embedding_model };
  }

  /** Finds memories by their meaning if that is wanted and finds any, and by their words otherwise. */
  async find(query: string, options: Given<SearchMemoriesOptions>): Promise<MemorySearchResult[]> {
    const { semantic = false, limit = 10, ...filter } = options;
    const similar = semantic ? await this.#findSimilar(query, options) : undefined;
    if (similar !== undefined && similar.length > 0) return similar;
    return getMemoryRepository()
      .search(query, { ...filter, limit })
      .map(({ memory }) => ({ memory, foundBy: 'keyword' }));
  }

  /** Finds memories by their meaning; `undefined` if the model is out of reach. */
  async #findSimilar(query: string, options: Given<SearchMemoriesOptions>): Promise<MemorySearchResult[] | undefined> {
    const made = await this.#tryToEmbed(query, 'Memories were searched by their words.');
    if (made === undefined) return undefined;
    const { limit = 10, semantic: _, ...filter } = options;
    try {
      return getMemoryRepository()
        .searchSimilar(made.embedding, { ...filter, embeddingModel: made.model }, limit)
        .map((found) => ({ ...found, foundBy: 'vector' }));
    } catch (error) {
      if (!hasErrorCode(error, 'DB_EMBEDDING_MISMATCH')) throw error;
      this.#warn(`${error.message} Until then, memories are searched by their words.`);
      return undefined;
    }
  }

  /** Makes some of the pending vectors, and returns how many were made. */
  async embedPending(): Promise<number> {
    const pending = getMemoryRepository().findPendingEmbedding(PENDING_AT_ONCE);
    if (pending.length === 0) return 0;
    const batch = await this.#attempt('Pending vectors stay pending.', () =>
      this.#provider.get().embedBatch(pending.map(({ content }) => content)),
    );
    if (batch === undefined) return 0;
    for (const [index, { id }] of pending.entries()) {
      const embedding = batch.embeddings[index];
      if (embedding !== undefined) getMemoryRepository().update(id, { embedding, embedding_model: batch.model });
    }
    return pending.length;
  }

  async #tryToEmbed(text: string, consequence: string): Promise<Embedding | undefined> {
    // What must not be stored must not be sent to a model either; and the vector belongs to what is stored.
    const redacted = redactText(text, redactionOf(getDatabaseManager().getDatabase()));
    return this.#attempt(consequence, () => this.#provider.get().embed(redacted));
  }

  async #attempt<Result>(consequence: string, call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (error) {
      if (!hasErrorCode(error, 'DB_EMBEDDING_FAILED')) throw error;
      this.#warn(`${error.message} ${consequence}`);
      return undefined;
    }
  }
}
