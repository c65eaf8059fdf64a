import { isError } from '@codebuddy/db-core/internal';
// The process that finds symbols: started by symbol-process.ts, it answers message after message until it is left alone.
import { type CodeSymbol, SymbolParser } from './symbol-parser.ts';

/** A string whose symbols are asked for. */
export interface SymbolRequest {
  readonly id: number;
  readonly text: string;
  readonly language: string;
}

/** The messages of the process: first whether it can parse at all, then an answer for each request. */
export type SymbolMessage =
  | { readonly kind: 'ready'; readonly canParse: boolean }
  | { readonly kind: 'symbols'; readonly id: number; readonly symbols: readonly CodeSymbol[] | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };

const parser = await SymbolParser.load();
process.on('message', (request: SymbolRequest) => void answer(request));
say({ kind: 'ready', canParse: parser !== undefined });

async function answer({ id, text, language }: SymbolRequest): Promise<void> {
  try {
    say({ kind: 'symbols', id, symbols: await parser?.symbolsOf(text, language) });
  } catch (error) {
    say({ kind: 'failed', id, reason: isError(error) ? error.message : String(error) });
  }
}

function say(message: SymbolMessage): void {
  process.send?.(message);
}
