import { chunkByLines, MAX_LINES, splitLines, type TextChunk } from './chunk-by-lines.ts';
import type { CodeSymbol } from './symbol-parser.ts';

/** A part of a file, with the symbol it holds. */
export interface SymbolChunk extends TextChunk {
  readonly symbolType?: string;
  readonly symbolName?: string;
}

/**
 * Cuts a string at its symbols: each is a chunk, a long class gives its methods a chunk each, and what stands between
 * is cut by lines. Together the chunks hold every line once.
 */
export function chunkBySymbols(text: string, symbols: readonly CodeSymbol[]): SymbolChunk[] {
  const lines = splitLines(text);
  return chunkRange(lines, 1, lines.length, symbols, undefined);
}

function chunkRange(
  lines: readonly string[],
  from: number,
  to: number,
  symbols: readonly CodeSymbol[],
  owner: CodeSymbol | undefined,
): SymbolChunk[] {
  const chunks: SymbolChunk[] = [];
  let next = from;
  for (const symbol of symbols) {
    // Two symbols on one line: the first has the line.
    if (symbol.startLine < next || symbol.endLine > to) continue;
    chunks.push(...cut(lines, next, symbol.startLine - 1, owner));
    const named = owner === undefined ? symbol : { ...symbol, name: `${owner.name}.${symbol.name}` };
    const isLong = symbol.endLine - symbol.startLine >= MAX_LINES;
    if (isLong && symbol.members.length > 0)
      chunks.push(...chunkRange(lines, symbol.startLine, symbol.endLine, symbol.members, named));
    else chunks.push(...cut(lines, symbol.startLine, symbol.endLine, named));
    next = symbol.endLine + 1;
  }
  chunks.push(...cut(lines, next, to, owner));
  return chunks;
}

function cut(lines: readonly string[], from: number, to: number, symbol: CodeSymbol | undefined): SymbolChunk[] {
  if (to < from) return [];
  return chunkByLines(lines.slice(from - 1, to).join('\n')).map(({ text, startLine, endLine }) => ({
    text,
    startLine: startLine + from - 1,
    endLine: endLine + from - 1,
    ...(symbol === undefined ? {} : { symbolType: symbol.type, symbolName: symbol.name }),
  }));
}
