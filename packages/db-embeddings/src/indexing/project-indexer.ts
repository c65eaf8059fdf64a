import type { Redact } from '@codebuddy/db-core';
import {
  hashContent,
  keepingLines,
  optionalInteger,
  RootFolder,
  requireFunction,
  requireObject,
  requirePath,
  requireRedact,
  requireString,
  toDatabaseError,
} from '@codebuddy/db-core/internal';
import { requireSignal } from '../providers/embedder.ts';
import type { EmbeddingProvider } from '../providers/embedding-provider.ts';
import { toTextVectors } from '../repository/embedding-cache.ts';
import type { EmbeddingRepository } from '../repository/embedding-repository.ts';
import { chunkByLines, splitLines, textOfChunk } from './chunk-by-lines.ts';
import { chunkBySymbols, type SymbolChunk } from './chunk-by-symbols.ts';
import { languageOf } from './languages.ts';
import { type NoSymbols, SymbolProcess } from './symbol-process.ts';
import { type ProjectFile, walkProject } from './walk-project.ts';

/** The project, the repository and the model of an index. */
export interface ProjectIndexerConfig {
  readonly repository: EmbeddingRepository;
  readonly provider: EmbeddingProvider;
  readonly projectId: string;
  /** The project folder; the paths in the index are relative to it. */
  readonly projectPath: string;
  /** The largest file that is indexed, in bytes. Default: 1,000,000. */
  readonly maxFileBytes?: number | undefined;
  /**
   * Takes out of chunks what must be neither stored nor sent to a model, such as `redactSecrets`; lines keep their numbers, and
   * hashes are those of the files. Default: as the repository does.
   */
  readonly redact?: Redact | undefined;
}

/** The progress of an index. */
export interface IndexProgress {
  /** Files that were looked at so far. */
  readonly files: number;
  /** Chunks that were stored so far. */
  readonly chunks: number;
  /** The file that was stored last. */
  readonly path: string;
}

/** The report of an index. */
export interface IndexReport {
  /** Files that have an ending which is indexed. */
  readonly files: number;
  readonly indexed: number;
  readonly unchanged: number;
  /** Chunks of files that are gone. */
  readonly removedChunks: number;
  readonly chunks: number;
  /**
   * The reason for which files were cut by lines alone rather than by their symbols: the parser's packages are not installed
   * (`not-installed`), or this program can start no process for it (`no-process`).
   */
  readonly withoutSymbols?: NoSymbols;
  /** In milliseconds. */
  readonly duration: number;
}

/** The options of an index. */
export interface IndexOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

interface SourceFile {
  readonly path: string;
  readonly hash: string;
  readonly language: string;
  readonly text: string;
}

interface PendingFile extends SourceFile {
  readonly chunks: readonly HashedChunk[];
}

/** A chunk without secrets, with the hash that it has in the file. */
interface HashedChunk extends SymbolChunk {
  readonly hash: string;
}

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
  readonly #config: ProjectIndexerConfig;
  readonly #redact: Redact | undefined;
  #parser: Promise<SymbolProcess | NoSymbols> | undefined;

  constructor(config: ProjectIndexerConfig) {
    const { projectId, projectPath, maxFileBytes, redact } = requireObject(config, 'config');
    requireString(projectId, 'projectId');
    requirePath(projectPath, 'projectPath');
    optionalInteger(maxFileBytes, 'maxFileBytes', { min: 0 });
    this.#config = config;
    this.#redact = redact === undefined ? config.repository.redact : keepingLines(requireRedact(redact));
  }

  /**
   * Brings the index up to date.
   *
   * @throws EmbeddingFailedError when the model is out of reach; the files done before stay indexed
   * @throws CannotOpenError when the project's folder can't be read
   */
  async index(options: IndexOptions = {}): Promise<IndexReport> {
    const { signal, onProgress } = requireObject(options, 'options');
    requireSignal(signal);
    if (onProgress !== undefined) requireFunction(onProgress, 'onProgress');
    try {
      return await this.#index(options);
    } catch (error) {
      throw toDatabaseError(error, 'indexer.index');
    } finally {
      const parser = await this.#parser;
      if (typeof parser === 'object') parser.close();
      this.#parser = undefined;
    }
  }

  async #index({ signal, onProgress }: IndexOptions): Promise<IndexReport> {
    const start = performance.now();
    const { projectId, projectPath, provider, repository } = this.#config;
    await provider.initialize();
    const existing: string[] = [];
    let pending: PendingFile[] = [];
    let indexed = 0;
    let chunks = 0;
    const store = async () => {
      await this.#store(pending, signal);
      for (const file of pending) {
        indexed++;
        chunks += file.chunks.length;
        onProgress?.({ files: existing.length, chunks, path: file.path });
      }
      pending = [];
    };
    for await (const found of walkProject(new RootFolder(projectPath), signal)) {
      const file = await this.#read(found);
      if (file === undefined) continue;
      const { path } = file;
      existing.push(path);
      if (!repository.needsReindex(projectId, path, file.hash)) continue;
      pending.push({ ...file, chunks: await this.#chunk(file.text, file.language) });
      if (pending.reduce((sum, each) => sum + each.chunks.length, 0) >= CHUNKS_AT_ONCE) await store();
    }
    await store();
    const removedChunks = repository.deleteStale(projectId, existing);
    const parser = await this.#parser;
    return {
      files: existing.length,
      indexed,
      unchanged: existing.length - indexed,
      removedChunks,
      chunks,
      ...(typeof parser === 'string' ? { withoutSymbols: parser } : {}),
      duration: performance.now() - start,
    };
  }

  /** Reads a file that is to be indexed: one with a known ending, below `maxFileBytes`, that holds text. */
  async #read({ path, open }: ProjectFile): Promise<SourceFile | undefined> {
    const language = languageOf(path);
    const file = language === undefined ? undefined : await open();
    if (language === undefined || file === undefined) return undefined;
    try {
      if ((await file.stat()).size > (this.#config.maxFileBytes ?? 1_000_000)) return undefined;
      const content = await file.readFile();
      if (content.includes(0)) return undefined;
      // Another model's vectors are of no use, nor are chunks with secrets: the file must be indexed again.
      const made = this.#redact === undefined ? '' : ':redacted';
      const hash = `${hashContent(content)}:${this.#config.provider.getModel()}${made}`;
      return { path, hash, language, text: content.toString('utf8') };
    } finally {
      await file.close();
    }
  }

  /** Cuts a string by its symbols, if its language and the parser allow it, and by lines otherwise. */
  async #chunk(text: string, language: string): Promise<HashedChunk[]> {
    this.#parser ??= SymbolProcess.start();
    const parser = await this.#parser;
    const symbols = typeof parser === 'string' ? undefined : await parser.symbolsOf(text, language);
    const chunks = symbols === undefined ? chunkByLines(text) : chunkBySymbols(text, symbols);
    // The whole file is redacted, since a chunk may hold half a secret.
    const lines = this.#redact === undefined ? undefined : splitLines(this.#redact(text));
    return chunks.flatMap((chunk) => {
      const content = lines === undefined ? chunk.text : textOfChunk(lines, chunk.startLine, chunk.endLine);
      // The lines of a long private key, which are blank now, are no chunk.
      return content.trim() === '' ? [] : [{ ...chunk, text: content, hash: hashContent(Buffer.from(chunk.text)) }];
    });
  }

  async #store(files: readonly PendingFile[], signal: AbortSignal | undefined): Promise<void> {
    const { projectId, provider, repository } = this.#config;
    const model = provider.getModel();
    const vectors = await this.#vectorsOf(files, model, signal);
    for (const { path, hash, language, chunks } of files) {
      const rows = chunks.flatMap((chunk) => {
        const embedding = vectors.get(chunk.text);
        return embedding === undefined ? [] : [{ ...toRow(chunk), embedding, embedding_model: model, language }];
      });
      repository.replaceFile(projectId, path, hash, rows);
    }
  }

  /** A chunk that another branch or file has already is not embedded again. */
  async #vectorsOf(
    files: readonly PendingFile[],
    model: string,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    const { provider, repository } = this.#config;
    const vectors = new Map<string, Float32Array>();
    const missing: string[] = [];
    for (const text of new Set(files.flatMap(({ chunks }) => chunks.map((chunk) => chunk.text)))) {
      const known = repository.getCachedVector(text, model);
      if (known === undefined) missing.push(text);
      else vectors.set(text, known);
    }
    // They are stored with their chunks at once: the cache would be a detour.
    const { embeddings } = await provider.embedBatch(missing, { signal, cache: false });
    for (const { text, embedding } of toTextVectors(missing, embeddings)) vectors.set(text, embedding);
    return vectors;
  }
}

function toRow({ text, hash, startLine, endLine, symbolType, symbolName }: HashedChunk) {
  return {
    chunk_text: text,
    chunk_hash: hash,
    start_line: startLine,
    end_line: endLine,
    symbol_type: symbolType,
    symbol_name: symbolName,
  };
}
