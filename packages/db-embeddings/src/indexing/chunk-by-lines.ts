/** A part of a file. */
export interface TextChunk {
  readonly text: string;
  /** From 1, both included. */
  readonly startLine: number;
  readonly endLine: number;
}

/** The most lines of a chunk. */
export const MAX_LINES = 60;
const MIN_LINES = 20;
const MAX_CHARACTERS = 4_000;

/**
 * Cuts a string into chunks of some dozens of lines, at the last blank line before a chunk grows too long: what belongs
 * together is seldom torn apart. A line that alone is too long is a chunk of its own, cut off.
 */
export function chunkByLines(text: string): TextChunk[] {
  const lines = splitLines(text);
  const chunks: TextChunk[] = [];
  let start = 0;
  while (start < lines.length) {
    const end = endOfChunk(lines, start);
    const content = textOfChunk(lines, start + 1, end);
    if (content.trim() !== '') chunks.push({ text: content, startLine: start + 1, endLine: end });
    start = end;
  }
  return chunks;
}

/** Splits a text into its lines, whichever system ended them. */
export function splitLines(text: string): string[] {
  return text.split(/\r?\n/);
}

/** Returns the text of a chunk: its lines, counted from 1 and both included, cut off if they are too long. */
export function textOfChunk(lines: readonly string[], startLine: number, endLine: number): string {
  const text = lines.slice(startLine - 1, endLine).join('\n');
  // A character of two units is never cut in two: a strict server refuses half of one.
  const isCutInTwo = /[\uD800-\uDBFF]/.test(text.charAt(MAX_CHARACTERS - 1)) && text.length > MAX_CHARACTERS;
  return text.slice(0, isCutInTwo ? MAX_CHARACTERS - 1 : MAX_CHARACTERS);
}

function endOfChunk(lines: readonly string[], start: number): number {
  let characters = 0;
  let lastBlank: number | undefined;
  for (let line = start; line < lines.length; line++) {
    characters += (lines[line]?.length ?? 0) + 1;
    const isFull = line - start >= MAX_LINES || characters > MAX_CHARACTERS;
    if (isFull) return lastBlank ?? Math.max(line, start + 1);
    if (lines[line]?.trim() === '' && line - start >= MIN_LINES) lastBlank = line + 1;
  }
  return lines.length;
}
