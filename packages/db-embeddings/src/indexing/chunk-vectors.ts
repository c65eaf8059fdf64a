import { hashContent } from '@codebuddy/db-core/internal';
import type { EmbeddingProvider } from '../providers/embedding-provider.ts';
import type { EmbeddingRepository } from '../repository/embedding-repository.ts';
import type { ChunkedFile, HashedChunk } from './chunker.ts';
import { embedTaken } from './embed-taken.ts';

/** A chunk with its vector. */
export interface EmbeddedChunk extends HashedChunk {
  readonly embedding: Float32Array;
}

/** The chunks of a file that the model took. */
export interface EmbeddedFile {
  readonly file: ChunkedFile;
  readonly chunks: readonly EmbeddedChunk[];
  /** Whether the model refused a line, which is left out. */
  readonly isPartly: boolean;
}

/** Makes the vectors of chunks. One that another branch or file has already is not embedded again. */
export class ChunkVectors {
  readonly #provider: EmbeddingProvider;
  readonly #repository: EmbeddingRepository;

  constructor(provider: EmbeddingProvider, repository: EmbeddingRepository) {
    this.#provider = provider;
    this.#repository = repository;
  }

  /**
   * Embeds the chunks of files. A chunk that the model refuses, since it is too long for it perhaps, is cut in two by its lines
   * until it is taken or a line stands alone.
   *
   * @throws EmbeddingFailedError when the model takes nothing at all
   */
  async embed(files: readonly ChunkedFile[], signal: AbortSignal | undefined): Promise<EmbeddedFile[]> {
    const vectors = new Map<string, Float32Array>();
    let chunked = files.map((file) => ({ file, chunks: file.chunks, isPartly: false }));
    for (;;) {
      await this.#embedInto(
        vectors,
        chunked.flatMap(({ chunks }) => chunks),
        signal,
      );
      const isRefused = ({ text }: HashedChunk) => !vectors.has(text);
      if (!chunked.some(({ chunks }) => chunks.some(isRefused))) break;
      chunked = chunked.map(({ file, chunks, isPartly }) => ({
        file,
        chunks: chunks.flatMap((chunk) => (isRefused(chunk) ? halvesOf(chunk) : [chunk])),
        isPartly: isPartly || chunks.some((chunk) => isRefused(chunk) && !chunk.text.includes('\n')),
      }));
    }
    return chunked.map(({ chunks, ...rest }) => ({
      ...rest,
      chunks: chunks.flatMap((chunk) => {
        const embedding = vectors.get(chunk.text);
        return embedding === undefined ? [] : [{ ...chunk, embedding }];
      }),
    }));
  }

  async #embedInto(
    vectors: Map<string, Float32Array>,
    chunks: readonly HashedChunk[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const missing: string[] = [];
    for (const text of new Set(chunks.map((chunk) => chunk.text))) {
      if (vectors.has(text)) continue;
      const known = this.#repository.getCachedVector(text, this.#provider.getModel());
      if (known === undefined) missing.push(text);
      else vectors.set(text, known);
    }
    for (const [text, embedding] of await embedTaken(this.#provider, missing, signal)) vectors.set(text, embedding);
  }
}

/** Cuts a chunk in two by its lines; a single line can't be cut. */
function halvesOf(chunk: HashedChunk): HashedChunk[] {
  const lines = chunk.text.split('\n');
  const middle = lines.length >> 1;
  if (middle === 0) return [];
  const half = (from: number, to: number): HashedChunk => ({
    ...chunk,
    text: lines.slice(from, to).join('\n'),
    hash: hashContent(Buffer.from(`${chunk.hash}:${from}`)),
    startLine: chunk.startLine + from,
    endLine: to === lines.length ? chunk.endLine : chunk.startLine + to - 1,
  });
  return [half(0, middle), half(middle, lines.length)].filter(({ text }) => text.trim() !== '');
}
