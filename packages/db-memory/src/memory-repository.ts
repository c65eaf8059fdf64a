import type {
  MemoryChanges,
  MemoryFilter,
  MemoryStats,
  MemoryStore,
  NewMemory,
  SimilarityOptions,
  SimilarMemory,
  TextMatch,
  TextSearchOptions,
} from '@codebuddy/db-core';
import {
  ConflictError,
  type Database,
  getDatabaseManager,
  type HybridMatch,
  type HybridOptions,
  InvalidInputError,
  type Memory,
  NotFoundError,
  type Page,
  type Redact,
  type ReembeddingTarget,
  type RepositoryOptions,
} from '@codebuddy/db-core';
import {
  contextOf,
  encodeVector,
  type ImportOutcome,
  type MemoryImportTarget,
  type MonotonicClock,
  type OutdatedText,
  type RunTransaction,
  read,
  readRecord,
  redactionOf,
  requireArray,
  requireInteger,
  resolveRepositoryOptions,
  shareRepository,
} from '@codebuddy/db-core/internal';
import { ImportedMemories } from './imported-memories.ts';
import { changeParameters } from './inputs.ts';
import { toMemoryStats } from './memory-stats.ts';
import { MemoryUses } from './memory-uses.ts';
import { MemoryWriter } from './memory-writer.ts';
import { MemorySearch } from './queries.ts';
import { type MemoryStatements, prepareStatements } from './statements.ts';

/**
 * Stores what an agent should remember beyond one conversation.
 *
 * @example
 * ```ts
 * const memories = new MemoryRepository(manager.getDatabase());
 * memories.create({ type: 'fact', content: 'The retry helper uses full jitter', importance: 0.8 });
 * const [best] = memories.search('retry jitter');
 * console.log(best?.snippet);
 * ```
 */
export class MemoryRepository implements MemoryStore, MemoryImportTarget, ReembeddingTarget {
  readonly #statements: MemoryStatements;
  readonly #search: MemorySearch;
  readonly #writer: MemoryWriter;
  readonly #imported: ImportedMemories;
  readonly #transaction: RunTransaction;
  readonly #uses: MemoryUses;
  readonly #clock: MonotonicClock;
  readonly #generateId: () => string;
  readonly #redact: Redact | undefined;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: RepositoryOptions = {}) {
    const { clock, generateId } = resolveRepositoryOptions(options, db);
    this.#clock = clock;
    this.#generateId = generateId;
    this.#statements = prepareStatements(db);
    this.#uses = new MemoryUses(db, this.#statements);
    this.#search = new MemorySearch(db, this.#uses);
    this.#transaction = contextOf(db).transaction;
    this.#redact = redactionOf(db);
    this.#writer = new MemoryWriter(db, this.#statements, this.#uses, this.#redact);
    this.#imported = new ImportedMemories(this.#statements, () => clock.timestamp(), this.#redact);
  }

  /**
   * Stores a memory. One with the same content, of the same user, scope and project, is not stored twice: it counts as used,
   * keeps the higher importance and the later end, takes the new type and embedding over, and the new metadata into its own.
   * One that has expired is gone: the same words are a new memory then.
   *
   * @throws InvalidInputError when a part makes no sense
   * @throws ConstraintError when the id belongs to a memory with other content
   */
  create(memory: NewMemory): Memory {
    const stored = this.#writer.create(memory, this.#generateId(), this.#clock.timestamp());
    this.#search.vectors.compactIfNeeded();
    return stored;
  }

  /**
   * Stores memories as {@link create} does, all or none, those aside whose id exists, and returns how many are new. One whose
   * content is stored already is not.
   */
  bulkCreate(memories: readonly NewMemory[]): number {
    return this.#transaction('memories.bulkCreate', () => {
      const added = requireArray(memories, 'memories').filter((memory) =>
        this.#writer.createNew(memory, this.#generateId(), this.#clock.timestamp()),
      );
      this.#search.vectors.compactIfNeeded();
      return added.length;
    });
  }

  /**
   * Returns a memory and counts the access; an expired one is not there. The count is written down later, with others, so
   * that reading waits for nobody.
   */
  getById(id: string): Memory | null {
    const now = this.#clock.now();
    const row = this.#statements.readUnexpired.get({ id, now: this.#clock.timestampOf(now) });
    return row === undefined ? null : this.#uses.count(row, now);
  }

  /** Returns the memories that pass a filter: the most important first, then the newest. */
  find(filter: MemoryFilter & Page = {}): Memory[] {
    return this.#search.find(filter, this.#clock.timestamp());
  }

  /**
   * Finds memories by their words (BM25), the last word by its beginning. The text is never read as query syntax; one
   * without a word finds nothing, and of a long one the first 200 different words count. Default limit: 20.
   */
  search(text: string, options: TextSearchOptions = {}): TextMatch[] {
    return this.#search.matchText(text, options, this.#clock.timestamp());
  }

  /**
   * Finds memories by their meaning: those whose vectors are most similar to the query's, among all that pass the
   * filter. Only vectors of one model are compared.
   *
   * @param embedding - the vector of the query
   * @throws InvalidInputError when the vector is not finite, or several models are stored and none was named
   * @throws EmbeddingMismatchError when the model named has made none of the stored vectors
   */
  searchSimilar(embedding: Float32Array, filter: MemoryFilter & SimilarityOptions = {}, topK = 10): SimilarMemory[] {
    return this.#search
      .nearest(embedding, filter, topK, this.#clock.timestamp())
      .map(({ memory, similarity }) => ({ memory, similarity }));
  }

  /**
   * Finds memories by their words and by their meaning, in one ranking (reciprocal rank fusion): what both find comes first.
   * Any word of the text counts, also as a part of a name: `user id` finds `getUserById`.
   *
   * @param embedding - the vector of the text; without it, words alone are searched
   *
   * @example
   * ```ts
   * for (const { item, ranks } of memories.searchHybrid('retry with jitter', embedding)) {
   *   console.log(item.content, ranks.keyword, ranks.vector);
   * }
   * ```
   */
  searchHybrid(
    text: string,
    embedding?: Float32Array,
    options: MemoryFilter & SimilarityOptions & HybridOptions = {},
  ): HybridMatch<Memory>[] {
    return this.#search.hybrid(text, embedding, options, this.#clock.timestamp());
  }

  /**
   * Changes parts of a memory, and returns whether it existed.
   *
   * @throws ConstraintError when another current memory has the new content already
   */
  update(id: string, changes: MemoryChanges): boolean {
    return this.#search.update(id, changeParameters(changes, this.#redact));
  }

  /**
   * Replaces a memory by a newer one without deleting it: `find` and the searches return the newer one from now on,
   * {@link getHistory} returns both.
   *
   * @returns the newer memory
   * @throws NotFoundError when there is no memory with the id
   * @throws ConflictError when it has been replaced before
   */
  supersede(id: string, replacement: NewMemory): Memory {
    return this.#transaction('memories.supersede', () => {
      if (this.#statements.supersede.run({ id, now: this.#clock.timestamp() }).changes === 0)
        this.#refuseToSupersede(id);
      const successor = this.create(replacement);
      if (successor.id === id) throw new InvalidInputError('replacement', 'expected an id of its own');
      this.#statements.linkSuccessor.run({ id, successor: successor.id });
      return successor;
    });
  }

  /** Returns a memory with all that it replaced and that replaced it, the oldest first. */
  getHistory(id: string): Memory[] {
    return this.#statements.history.all({ id }).map((row) => this.#uses.toMemory(row));
  }

  /** Deletes a memory, and returns whether it existed. */
  delete(id: string): boolean {
    return this.#statements.delete.run({ id }).changes > 0;
  }

  /** Deletes the memories whose time is over, and returns how many there were. */
  deleteExpired(): number {
    return this.#statements.deleteExpired.run({ now: this.#clock.timestamp() }).changes;
  }

  /** Returns current memories whose embedding is still to be made, the oldest first. */
  findPendingEmbedding(limit = 100): Memory[] {
    return this.#statements.pendingEmbedding
      .all({ limit: requireInteger(limit, 'limit', { min: 0 }), now: this.#clock.timestamp() })
      .map((row) => this.#uses.toMemory(row));
  }

  /** Counts the current memories. */
  getStats(): MemoryStats {
    return toMemoryStats(this.#statements.statistics.all({ now: this.#clock.timestamp() }));
  }

  /** {@inheritDoc ReembeddingTarget.countOutdated} */
  countOutdated(model: string): number {
    return read.number(this.#statements.countOutdated.one({ model }), 'memories');
  }

  /** {@inheritDoc ReembeddingTarget.findOutdated} */
  findOutdated(model: string, afterKey: number, limit: number): OutdatedText[] {
    const rows = this.#statements.outdated.all({ model, after: afterKey, limit });
    return rows.map((row) => ({ key: read.number(row, 'seq'), text: read.text(row, 'content') }));
  }

  /** {@inheritDoc ReembeddingTarget.replaceVectors} */
  replaceVectors(model: string, vectors: readonly (OutdatedText & { readonly embedding: Float32Array })[]): void {
    this.#transaction('memories.reembed', () => {
      for (const vector of requireArray(vectors, 'vectors')) {
        const { key, text, embedding } = readRecord(vector, { key: true, text: true, embedding: true }, {}, 'vectors');
        this.#statements.replaceVector.run({ seq: key, content: text, model, embedding: encodeVector(embedding) });
      }
      this.#search.vectors.compactIfNeeded();
    });
  }

  /** {@inheritDoc MemoryImportTarget.importMemories} */
  importMemories(records: readonly Memory[]): ImportOutcome[] {
    return this.#transaction('memories.import', () => {
      const outcomes = requireArray(records, 'records').map((record) => this.#imported.import(record));
      this.#search.vectors.compactIfNeeded();
      return outcomes;
    });
  }

  /** {@inheritDoc MemoryImportTarget.locateMemories} */
  locateMemories(records: readonly Memory[]): (Memory | null)[] {
    return requireArray(records, 'records').map((record) => this.#imported.find(record));
  }

  /** {@inheritDoc MemoryImportTarget.mergeMemories} */
  mergeMemories(records: readonly Memory[]): void {
    this.#transaction('memories.merge', () => {
      for (const record of requireArray(records, 'records')) this.#imported.merge(record);
      this.#search.vectors.compactIfNeeded();
    });
  }

  /** {@inheritDoc MemoryImportTarget.redactMemory} */
  redactMemory(memory: Memory): Memory {
    return this.#imported.redact(memory);
  }

  #refuseToSupersede(id: string): never {
    if (this.#statements.read.get({ id }) === undefined) throw new NotFoundError('memory');
    throw new ConflictError(
      'This memory was replaced before. Replace the newest that getHistory() returns for its id.',
    );
  }
}

const shared = shareRepository((db) => new MemoryRepository(db));

/** Returns the process's one repository, for the present connection of its `DatabaseManager`. */
export const getMemoryRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetMemoryRepository = shared.reset;
