import { getDatabaseManager, hasErrorCode, type Memory } from '@codebuddy/db-core';
import { type Given, redactionOf, redactText } from '@codebuddy/db-core/internal';
import type { Embedding } from '@codebuddy/db-embeddings';
import { getMemoryRepository, type NewMemory } from '@codebuddy/db-memory';
import type { MemorySearchResult, SearchMemoriesOptions } from './integration-types.ts';
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

  /** Stores a memory with its vector; without the model, the memory is stored now and the vector is pending. */
  async add(memory: NewMemory): Promise<Memory> {
    const made = await this.#tryToEmbed(memory.content, 'The memory was stored; its vector is made later.');
    const stored = getMemoryRepository().create(
      made === undefined
        ? { ...memory, embedding_owed: true }
        : { ...memory, embedding: made.embedding, embedding_model: made.model },
    );
    if (made !== undefined) await this.embedPending();
    return stored;
  }

  /** Finds memories by their meaning; `undefined` if the model is out of reach. */
  async search(query: string, options: Given<SearchMemoriesOptions>): Promise<MemorySearchResult[] | undefined> {
    const made = await this.#tryToEmbed(query, 'Memories were searched by their words.');
    if (made === undefined) return undefined;
    const { limit = 10, semantic: _, ...filter } = options;
    try {
      return getMemoryRepository().searchSimilar(made.embedding, { ...filter, embeddingModel: made.model }, limit);
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
