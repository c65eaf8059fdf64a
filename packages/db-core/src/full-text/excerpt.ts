import { requireArray, requireStringOrEmpty } from '../validation.ts';
import { partsOfName } from './identifiers.ts';

const EXCERPT_WORDS = 24;

/** In bytes. */
const MAX_SNIPPET_SOURCE_BYTES = 20_000;

const WORDS_BEFORE = 8;
const MAX_EXCERPT_LENGTH = 1_000;
const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}]*/gu;

/** The tags before and after each word found. */
export type HighlightTags = readonly [open: string, close: string];

/** Checks what a caller wants around the words found. Default: `**` and `**`. */
export function requireHighlightTags(tags: HighlightTags = ['**', '**']): HighlightTags {
  const [open, close] = requireArray(tags, 'highlight');
  return [requireStringOrEmpty(open, 'highlight'), requireStringOrEmpty(close, 'highlight')];
}

interface Word {
  readonly start: number;
  readonly end: number;
  readonly isFound: boolean;
}

/**
 * Returns the SQL of FTS5's own snippet of the first column of an index, with `@open` and `@close` around each word found;
 * NULL of a large text, since it takes time that grows with the square of how often the words occur, minutes for a log. Of
 * that, {@link excerpt} shows a part.
 *
 * @param index - the full-text table
 * @param column - the text that it indexes
 */
export function snippetSql(index: string, column: string): string {
  const snippet = `snippet(${index}, 0, @open, @close, '…', ${EXCERPT_WORDS})`;
  return `CASE WHEN octet_length(${column}) <= ${MAX_SNIPPET_SOURCE_BYTES} THEN ${snippet} END`;
}

/**
 * Returns the part of a string around the first word that somebody searched for, in time that grows with the text
 * alone. As in full-text search, neither case nor accents matter, the last word may be the beginning of one, and names
 * are found by their parts.
 *
 * @param searched - what somebody searched for
 * @param tags - what stands before and after each word found
 */
export function excerpt(content: string, searched: string, tags: HighlightTags): string {
  const isFound = matcher(requireStringOrEmpty(searched, 'searched'));
  const words = wordsAround(requireStringOrEmpty(content, 'content'), isFound);
  return show(content, words, requireHighlightTags(tags));
}

/** The words around the first one found; the first of all if none is, or where these are all. */
function wordsAround(content: string, isFound: (word: string) => boolean): Word[] {
  const first: Word[] = [];
  const around: Word[] = [];
  let isThere = false;
  let count = 0;
  for (const { 0: text, index: start } of content.matchAll(WORD)) {
    const word = { start, end: start + text.length, isFound: isFound(text) };
    if (++count <= EXCERPT_WORDS) first.push(word);
    isThere ||= word.isFound;
    around.push(word);
    if (isThere && around.length === EXCERPT_WORDS) break;
    if (!isThere && around.length > WORDS_BEFORE) around.shift();
  }
  return isThere && count > EXCERPT_WORDS ? around : first;
}

function show(content: string, words: readonly Word[], [open, close]: HighlightTags): string {
  const start = words[0]?.start ?? 0;
  const end = Math.min(words.at(-1)?.end ?? content.length, start + MAX_EXCERPT_LENGTH);
  const isFirst = content.slice(0, start).search(WORD) === -1;
  const isLast = content.slice(end).search(WORD) === -1;
  let shown = isFirst ? content.slice(0, start) : '…';
  let at = start;
  for (const word of words) {
    if (!word.isFound || word.end > end) continue;
    shown += content.slice(at, word.start) + open + content.slice(word.start, word.end) + close;
    at = word.end;
  }
  return shown + content.slice(at, end) + (isLast ? content.slice(end) : '…');
}

function matcher(searched: string): (word: string) => boolean {
  const words = searched.match(WORD) ?? [];
  const wanted = new Set(words.flatMap((word) => [word, ...partsOfName(word)]).map(fold));
  const beginning = fold(words.at(-1) ?? '');
  return (word) => {
    const folded = fold(word);
    if (wanted.has(folded) || (beginning !== '' && folded.startsWith(beginning))) return true;
    return partsOfName(word).some((part) => wanted.has(fold(part)));
  };
}

function fold(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
