import type { Redact } from '@codebuddy/db-core';
import {
  type Given,
  keepingLines,
  type NamesOf,
  optionalInteger,
  RootFolder,
  readOptions,
  requireFunction,
  requirePath,
  requireRedact,
  requireString,
  toDatabaseError,
} from '@codebuddy/db-core/internal';
import { requireSignal } from '../providers/embedder.ts';
import type { EmbeddingProvider } from '../providers/embedding-provider.ts';
import type { EmbeddingRepository } from '../repository/embedding-repository.ts';
import { ChunkVectors, type EmbeddedFile } from './chunk-vectors.ts';
import { type ChunkedFile, Chunker } from './chunker.ts';
import type { IndexProgress, IndexReport, SkippedFile, SkipReason } from './index-report.ts';
import { readSource } from './source-file.ts';
import { walkProject } from './walk-project.ts';

/** The project, the repository and the model of an index. */
export interface ProjectIndexerConfig {
  readonly repository: EmbeddingRepository;
  readonly provider: EmbeddingProvider;
  readonly projectId: string;
  /** The project folder; the paths in the index are relative to it. */
  readonly projectPath: string;
  /** The largest file that is indexed, in bytes. Default: 1,000,000. */
  readonly maxFileBytes?: number | null | undefined;
  /**
   * Takes out of chunks what must be neither stored nor sent to a model, such as `redactSecrets`; lines keep their numbers, and
   * hashes are those of the files. Default: as the repository does.
   */
  readonly redact?: Redact | null | undefined;
}

/** The options of an index. */
export interface IndexOptions {
  readonly signal?: AbortSignal | null | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | null | undefined;
}

const CONFIG_NAMES: NamesOf<ProjectIndexerConfig> = {
  repository: true,
  provider: true,
  projectId: true,
  projectPath: true,
  maxFileBytes: true,
  redact: true,
};

/** As many chunks are embedded at once; a file is never split over two. */
const CHUNKS_AT_ONCE = 64;

/**
 * Keeps the index of a project equal to its files: what git ignores is left out, by git's own rules, what has not changed is
 * not touched, and what is gone is removed. Each file is stored whole, so an index that was interrupted goes on where it
 * stopped.
 *
 * @example
 * ```ts
 * const indexer = new ProjectIndexer({ repository, provider, projectId: 'shop', projectPath: '/home/dev/shop' });
 * const { indexed, unchanged, chunks } = await indexer.index({ onProgress: ({ path }) => console.log(path) });
 * ```
 */
export class ProjectIndexer {
  readonly #config: Given<ProjectIndexerConfig>;
  readonly #redact: Redact | undefined;

  constructor(config: ProjectIndexerConfig) {
    const given = readOptions(config, CONFIG_NAMES, 'config');
    const { projectId, projectPath, maxFileBytes, redact } = given;
    requireString(projectId, 'projectId');
    requirePath(projectPath, 'projectPath');
    optionalInteger(maxFileBytes, 'maxFileBytes', { min: 0 });
    this.#config = given;
    this.#redact = redact === undefined ? given.repository.redact : keepingLines(requireRedact(redact));
  }

  /**
   * Brings the index up to date.
   *
   * @throws EmbeddingFailedError when the model is out of reach; the files done before stay indexed
   * @throws CannotOpenError when the project's folder can't be read
   */
  async index(options: IndexOptions = {}): Promise<IndexReport> {
    const given = readOptions(options, { signal: true, onProgress: true });
    const { signal, onProgress } = given;
    requireSignal(signal);
    if (onProgress !== undefined) requireFunction(onProgress, 'onProgress');
    const chunker = new Chunker(this.#redact);
    try {
      return await this.#index(chunker, given);
    } catch (error) {
      throw toDatabaseError(error, 'indexer.index');
    } finally {
      await chunker.close();
    }
  }

  async #index(chunker: Chunker, { signal, onProgress }: Given<IndexOptions>): Promise<IndexReport> {
    const start = performance.now();
    const { projectId, projectPath, provider, repository, maxFileBytes = 1_000_000 } = this.#config;
    await provider.initialize();
    // A file with secrets has other vectors than one without.
    const made = `${provider.getModel()}${this.#redact === undefined ? '' : ':redacted'}`;
    const vectors = new ChunkVectors(provider, repository);
    const existing: string[] = [];
    const skipped: SkippedFile[] = [];
    const skip = (path: string, reason: SkipReason) => void skipped.push({ path, reason });
    let pending: ChunkedFile[] = [];
    let files = 0;
    let indexed = 0;
    let chunks = 0;
    const store = async () => {
      for (const embedded of await vectors.embed(pending, signal)) {
        const { path } = embedded.file;
        this.#store(embedded);
        indexed++;
        chunks += embedded.chunks.length;
        if (embedded.isPartly) skip(path, 'refused');
        onProgress?.({ files, chunks, path });
      }
      pending = [];
    };
    const walk = { signal, onUnreadable: (path: string) => skip(path, 'unreadable') };
    for await (const found of walkProject(new RootFolder(projectPath), walk)) {
      const { path } = found;
      const file = await readSource(found, maxFileBytes, made);
      if (typeof file === 'string') skip(path, file);
      // A file that is unreadable for a moment should not be gone from the index.
      if (file === 'unreadable') existing.push(path);
      if (file === undefined || typeof file === 'string') continue;
      files++;
      existing.push(path);
      if (!repository.needsReindex(projectId, path, file.hash)) continue;
      const chunked = await chunker.chunk(file);
      if (chunked.isUnparsed) skip(path, 'not-parsed');
      pending.push(chunked);
      if (pending.reduce((sum, each) => sum + each.chunks.length, 0) >= CHUNKS_AT_ONCE) await store();
    }
    await store();
    const removedChunks = repository.deleteStale(projectId, existing);
    const withoutSymbols = await chunker.withoutSymbols();
    return {
      files,
      indexed,
      unchanged: files - indexed,
      removedChunks,
      chunks,
      skipped,
      ...(withoutSymbols === undefined ? {} : { withoutSymbols }),
      duration: performance.now() - start,
    };
  }

  #store({ file, chunks }: EmbeddedFile): void {
    const { projectId, provider, repository } = this.#config;
    const rows = chunks.map(({ text, hash, startLine, endLine, symbolType, symbolName, embedding }) => ({
      chunk_text: text,
      chunk_hash: hash,
      start_line: startLine,
      end_line: endLine,
      symbol_type: symbolType,
      symbol_name: symbolName,
      language: file.language,
      embedding,
      embedding_model: provider.getModel(),
    }));
    repository.replaceFile(projectId, file.path, file.hash, rows);
  }
}
