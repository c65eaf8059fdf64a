import { QueryFailedError, type Redact } from '@codebuddy/db-core';
import { hashContent } from '@codebuddy/db-core/internal';
import { chunkByLines, splitLines, textOfChunk } from './chunk-by-lines.ts';
import { chunkBySymbols, type SymbolChunk } from './chunk-by-symbols.ts';
import type { SourceFile } from './source-file.ts';
import type { CodeSymbol } from './symbol-parser.ts';
import { type NoSymbols, SymbolProcess } from './symbol-process.ts';

/** A chunk without secrets, with the hash that it has in the file. */
export interface HashedChunk extends SymbolChunk {
  readonly hash: string;
}

/** The chunks of a file. */
export interface ChunkedFile extends SourceFile {
  readonly chunks: readonly HashedChunk[];
  /** Whether the parser gave up, so that the file is cut by lines. */
  readonly isUnparsed: boolean;
}

/** A parser that gives up this often in a row will not do better with the next file. */
const MAX_FAILURES = 20;

/** Cuts files by their symbols, if their language and the parser allow it, and by lines otherwise. */
export class Chunker {
  readonly #redact: Redact | undefined;
  #parser: Promise<SymbolProcess | NoSymbols> | undefined;
  #failures = 0;

  /** @param redact - takes secrets out of chunks, and keeps the lines of a text */
  constructor(redact: Redact | undefined) {
    this.#redact = redact;
  }

  /** Cuts a file. */
  async chunk(file: SourceFile): Promise<ChunkedFile> {
    const symbols = await this.#symbolsOf(file);
    const isUnparsed = symbols === 'not-parsed';
    const isCutByLines = symbols === undefined || symbols === 'not-parsed';
    const chunks = isCutByLines ? chunkByLines(file.text) : chunkBySymbols(file.text, symbols);
    return { ...file, chunks: this.#redacted(file.text, chunks), isUnparsed };
  }

  /** Returns the reason for which there are no symbols at all, if there is one. */
  async withoutSymbols(): Promise<NoSymbols | undefined> {
    const parser = await this.#parser;
    return typeof parser === 'string' ? parser : undefined;
  }

  /** Ends the parser's process. */
  async close(): Promise<void> {
    const parser = await this.#parser;
    if (typeof parser === 'object') parser.close();
    this.#parser = undefined;
  }

  /** A parser that gave up, or ended, is started anew, so that no other file suffers from it. */
  async #symbolsOf({ text, language }: SourceFile): Promise<readonly CodeSymbol[] | 'not-parsed' | undefined> {
    this.#parser ??= SymbolProcess.start();
    const parser = await this.#parser;
    if (typeof parser === 'string') return undefined;
    try {
      const symbols = await parser.symbolsOf(text, language);
      this.#failures = 0;
      return symbols;
    } catch (error) {
      if (!QueryFailedError.isInstance(error)) throw error;
      await this.close();
      if (++this.#failures >= MAX_FAILURES) this.#parser = Promise.resolve('no-process');
      return 'not-parsed';
    }
  }

  /** Redacts the whole file, since a chunk may hold half a secret. */
  #redacted(text: string, chunks: readonly SymbolChunk[]): HashedChunk[] {
    const lines = this.#redact === undefined ? undefined : splitLines(this.#redact(text));
    return chunks.flatMap((chunk) => {
      const content = lines === undefined ? chunk.text : textOfChunk(lines, chunk.startLine, chunk.endLine);
      // The lines of a long private key, which are blank now, are no chunk.
      return content.trim() === '' ? [] : [{ ...chunk, text: content, hash: hashContent(Buffer.from(chunk.text)) }];
    });
  }
}
