// The program that finds symbols: started by symbol-process.ts, it answers message after message until it is stopped.
import { types } from 'node:util';
import { type CodeSymbol, type ParserFiles, SymbolParser } from './symbol-parser.ts';

/** A string whose symbols are asked for. */
export interface SymbolRequest {
  readonly id: number;
  readonly files: ParserFiles;
  readonly text: string;
  readonly language: string;
}

/** The messages of the program: first that it listens, then an answer for each request. */
export type SymbolMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'symbols'; readonly id: number; readonly symbols: readonly CodeSymbol[] | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };

let parser: Promise<SymbolParser> | undefined;
process.on('message', (request: SymbolRequest) => void answer(request));
say({ kind: 'ready' });

async function answer({ id, files, text, language }: SymbolRequest): Promise<void> {
  try {
    parser ??= SymbolParser.load(files);
    say({ kind: 'symbols', id, symbols: await (await parser).symbolsOf(text, language) });
  } catch (error) {
    say({ kind: 'failed', id, reason: types.isNativeError(error) ? error.message : String(error) });
  }
}

function say(message: SymbolMessage): void {
  process.send?.(message);
}
