import type {
  ChunkFilter,
  CodeStore,
  EmbeddingStats,
  NewCodeEmbedding,
  SimilarChunk,
  SimilarityOptions,
  TextVector,
} from '@codebuddy/db-core';
import {
  type CodeEmbedding,
  type Database,
  getDatabaseManager,
  type HybridMatch,
  type HybridOptions,
  type Page,
  type Redact,
  type ReembeddingTarget,
} from '@codebuddy/db-core';
import {
  type ConnectionContext,
  contextOf,
  keepingLines,
  type OutdatedText,
  read,
  readOptions,
  requireArray,
  requireRedact,
  requireString,
  resolveRepositoryOptions,
  type SqlParameters,
  shareRepository,
  toCodeEmbedding,
} from '@codebuddy/db-core/internal';
import { EmbeddingCache } from './embedding-cache.ts';
import { type ContentRow, chunkRows } from './inputs.ts';
import type { EmbeddingRepositoryOptions } from './options.ts';
import { OutdatedContents } from './outdated-contents.ts';
import { ChunkSearch } from './queries.ts';
import { toEmbeddingStats } from './results.ts';
import { type EmbeddingStatements, prepareStatements } from './statements.ts';

/**
 * Stores a semantic index of code: chunks of files with their vectors.
 *
 * @example
 * ```ts
 * const index = new EmbeddingRepository(manager.getDatabase());
 * index.replaceFile('shop', 'src/cart.ts', fileHash, chunks);
 * const [best] = index.searchSimilar(queryVector, { projectId: 'shop' });
 * ```
 */
export class EmbeddingRepository implements CodeStore, ReembeddingTarget {
  /** Takes secrets out of the text of chunks, and keeps their lines; `undefined` if chunks are stored as they are. */
  readonly redact: Redact | undefined;
  readonly #statements: EmbeddingStatements;
  readonly #search: ChunkSearch;
  readonly #embeddingCache: EmbeddingCache;
  readonly #outdated: OutdatedContents;
  readonly #context: ConnectionContext;
  readonly #now: () => string;

  /** @param db - the connection to use. Default: that of the process's `DatabaseManager` */
  constructor(db: Database = getDatabaseManager().getDatabase(), options: EmbeddingRepositoryOptions = {}) {
    const given = readOptions(options, { clock: true, redact: true });
    const { clock } = resolveRepositoryOptions({ clock: given.clock }, db);
    this.redact = given.redact === undefined ? undefined : keepingLines(requireRedact(given.redact));
    this.#now = () => clock.timestamp();
    this.#statements = prepareStatements(db);
    this.#search = new ChunkSearch(db);
    this.#embeddingCache = new EmbeddingCache(this.#statements);
    this.#outdated = new OutdatedContents(this.#statements, this.#embeddingCache);
    this.#context = contextOf(db);
  }

  /** Stores a chunk in place of any other at its place. */
  upsert(chunk: NewCodeEmbedding): CodeEmbedding {
    return this.#context.transaction('embeddings.upsert', () => {
      const { project_id = null, file_path = null, chunk_index = null } = this.#store(chunk, this.#now());
      return toCodeEmbedding(this.#statements.byPlace.one({ project_id, file_path, chunk_index }));
    });
  }

  /** Stores chunks, all or none, and returns how many were given. */
  bulkUpsert(chunks: readonly NewCodeEmbedding[]): number {
    const now = this.#now();
    return this.#context.transaction('embeddings.bulkUpsert', () => {
      this.#statements.deferFullText.run();
      for (const chunk of requireArray(chunks, 'chunks')) this.#store(chunk, now);
      this.#statements.indexFullText.run();
      this.#statements.indexAtOnce.run();
      this.#search.vectors.compactIfNeeded();
      return chunks.length;
    });
  }

  /**
   * Stores all chunks of a file, removes those it had beyond, and remembers the content it was indexed with, in one step.
   *
   * @param contentHash - the hash of the whole file, which {@link needsReindex} is asked about later
   */
  replaceFile(
    projectId: string,
    filePath: string,
    contentHash: string,
    chunks: readonly Omit<NewCodeEmbedding, 'project_id' | 'file_path' | 'chunk_index'>[],
  ): void {
    this.#context.transaction('embeddings.replaceFile', () => {
      this.bulkUpsert(
        requireArray(chunks, 'chunks').map((chunk, chunk_index) => ({
          ...chunk,
          project_id: projectId,
          file_path: filePath,
          chunk_index,
        })),
      );
      this.#statements.deleteForFile.run({ projectId, filePath, from: chunks.length });
      // The vectors are in the index now: one place is enough.
      for (const { chunk_text, embedding_model } of chunks) {
        if (embedding_model === undefined || embedding_model === null) continue;
        this.#embeddingCache.drop(chunk_text, embedding_model);
      }
      this.markIndexed(projectId, filePath, contentHash);
    });
  }

  /** Remembers the content that a file was indexed with. */
  markIndexed(projectId: string, filePath: string, contentHash: string): void {
    this.#statements.rememberFile.run({
      projectId: requireString(projectId, 'projectId'),
      filePath: requireString(filePath, 'filePath'),
      contentHash: requireString(contentHash, 'contentHash'),
      now: this.#now(),
    });
  }

  /** Returns whether a file must be indexed: it never was, or its content was another one. */
  needsReindex(projectId: string, filePath: string, contentHash: string): boolean {
    const row = this.#statements.fileHash.get({ projectId, filePath });
    return row === undefined || read.text(row, 'content_hash') !== contentHash;
  }

  /** Returns a chunk. */
  getById(id: number): CodeEmbedding | null {
    const row = this.#statements.byId.get({ id });
    return row === undefined ? null : toCodeEmbedding(row);
  }

  /** Returns the chunks that pass a filter, in the order of their files and places. */
  find(filter: ChunkFilter & Page = {}): CodeEmbedding[] {
    return this.#search.find(filter);
  }

  /**
   * Finds chunks by their meaning: those whose vectors are most similar to the query's, among all that pass the filter.
   * Only vectors of one model are compared.
   *
   * @throws InvalidInputError when the vector is not finite, or several models are stored and none was named
   * @throws EmbeddingMismatchError when the model named has made none of the stored vectors
   */
  searchSimilar(queryEmbedding: Float32Array, filter: ChunkFilter & SimilarityOptions = {}, topK = 10): SimilarChunk[] {
    return this.#search
      .nearest(queryEmbedding, filter, topK)
      .map(({ chunk, similarity }) => ({ embedding: chunk, similarity }));
  }

  /**
   * Finds chunks by their words and by their meaning, in one ranking (reciprocal rank fusion): what both find comes first.
   * Any word of the text counts, also as a part of a name: `user id` finds `getUserById`.
   *
   * @param embedding - the vector of the text; without it, words alone are searched
   */
  searchHybrid(
    text: string,
    embedding?: Float32Array,
    options: ChunkFilter & SimilarityOptions & HybridOptions = {},
  ): HybridMatch<CodeEmbedding>[] {
    return this.#search.hybrid(text, embedding, options);
  }

  /** Finds chunks whose symbol's name contains a string, whatever its case, the shortest name first. */
  searchBySymbol(symbolName: string, filter: ChunkFilter = {}, limit = 20): CodeEmbedding[] {
    return this.#search.bySymbol(requireString(symbolName, 'symbolName'), filter, limit);
  }

  /** Removes a file from the index, and returns how many chunks it had. */
  deleteForFile(projectId: string, filePath: string): number {
    return this.#context.transaction('embeddings.deleteForFile', () => {
      this.#statements.forgetFile.run({ projectId, filePath });
      return this.#statements.deleteForFile.run({ projectId, filePath, from: 0 }).changes;
    });
  }

  /** Removes a project from the index, and returns how many chunks it had. */
  deleteForProject(projectId: string): number {
    return this.#context.transaction('embeddings.deleteForProject', () => {
      this.#statements.forgetProject.run({ projectId });
      return this.#statements.deleteForProject.run({ projectId }).changes;
    });
  }

  /** Removes the files of a project that are not among the existing ones, and returns how many chunks they had. */
  deleteStale(projectId: string, existingFiles: readonly string[]): number {
    const existing = JSON.stringify(
      requireArray(existingFiles, 'existingFiles').map((file) => requireString(file, 'existingFiles')),
    );
    return this.#context.transaction('embeddings.deleteStale', () => {
      this.#statements.forgetStale.run({ projectId, existing });
      return this.#statements.deleteStale.run({ projectId, existing }).changes;
    });
  }

  /** Counts what is indexed, of a project or of all. */
  getStats(projectId?: string): EmbeddingStats {
    const parameters = { projectId: projectId ?? null };
    return this.#context.read('embeddings.getStats', () =>
      toEmbeddingStats(
        this.#statements.statistics.one(parameters),
        this.#statements.byLanguage.all(parameters),
        this.#statements.bySymbolType.all(parameters),
      ),
    );
  }

  /** Returns the models that made the vectors of the index. */
  getModels(): string[] {
    return this.#search.vectors.models();
  }

  /** {@inheritDoc ReembeddingTarget.countOutdated} */
  countOutdated(model: string): number {
    return this.#outdated.count(model);
  }

  /** {@inheritDoc ReembeddingTarget.findOutdated} */
  findOutdated(model: string, afterKey: number, limit: number): OutdatedText[] {
    return this.#outdated.find(model, afterKey, limit);
  }

  /** {@inheritDoc ReembeddingTarget.replaceVectors} */
  replaceVectors(model: string, vectors: readonly (OutdatedText & { readonly embedding: Float32Array })[]): void {
    this.#context.transaction('embeddings.reembed', (transaction) => {
      this.#outdated.replaceVectors(transaction, model, vectors);
      this.#search.vectors.compactIfNeeded();
    });
  }

  /** Returns the vector that a model made for a string before, so that it is not paid for twice. */
  getCachedVector(text: string, model: string): Float32Array | undefined {
    return this.#embeddingCache.get(text, model);
  }

  /** Keeps the vectors that a model made for some texts, all or none. */
  cacheVectors(model: string, vectors: readonly TextVector[]): void {
    this.#context.transaction('embeddings.cacheVectors', (transaction) =>
      this.#embeddingCache.add(transaction, model, vectors, this.#now()),
    );
  }

  /** Keeps vectors as {@link cacheVectors} does, but nobody waits: later while others write, or not, with a `db:warning`. */
  cacheVectorsSoon(model: string, vectors: readonly TextVector[]): Promise<void> {
    const write = () => this.cacheVectors(model, vectors);
    return this.#context.writeSoon('embeddings.cacheVectors', write, 'Vectors were not kept.');
  }

  /** Forgets kept vectors that are older than some days, those of questions for instance, and returns how many. */
  pruneVectorCache(daysToKeep = 90): number {
    return this.#embeddingCache.prune(daysToKeep, this.#now());
  }

  #store(chunk: NewCodeEmbedding, now: string): SqlParameters {
    const { content, place } = chunkRows(chunk, now, this.redact);
    this.#statements.upsert.run({ ...place, content_id: this.#storeContent(content) });
    return place;
  }

  #storeContent(content: ContentRow): number | bigint {
    // The id of a new row comes with the insert; asking for it with RETURNING was measured to take half as long again.
    const { changes, lastInsertRowid } = this.#statements.insertContent.run(content);
    if (changes > 0) return lastInsertRowid;
    const { hash, embedding } = content;
    this.#statements.renewVector.run({ hash, embedding });
    return read.number(this.#statements.sameContent.one({ hash }), 'id');
  }
}

const shared = shareRepository((db, options?: EmbeddingRepositoryOptions) => new EmbeddingRepository(db, options));

/**
 * Returns the process's one repository, for the present connection of its `DatabaseManager`. Options count when it is made;
 * later calls get the repository that is there.
 */
export const getEmbeddingRepository = shared.get;

/** Forgets the process's one repository: the next call makes a new one. */
export const resetEmbeddingRepository = shared.reset;
