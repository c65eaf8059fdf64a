import { requireOneOf, requireStringOrEmpty } from '../validation.ts';
import { partsOfName } from './identifiers.ts';

const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}_]*/gu;

/** SQLite reads a query in time that grows with the square of its words: a pasted log must not hold up the process. */
const MAX_WORDS = 200;

/** Of a longer one, the beginning counts: joined by underscores it is a phrase, which takes SQLite as long. */
const MAX_WORD_LENGTH = 200;

/**
 * Turns what a person typed into an FTS5 query that finds rows with all of its words, the last one as a prefix. A
 * compound name is found as it is, and by its parts: `getUserById` finds "get user by id".
 *
 * Of a long text, its first 200 different words count, and its last; of a long word, its first 200 characters. Every
 * word is quoted, so no character of it is read as query syntax (https://www.sqlite.org/fts5.html, section 3).
 *
 * @param mode - whether a row must have `all` words, or `any` of them
 * @throws InvalidInputError when it is no text, or the mode is neither
 * @returns the query, or `undefined` if the text holds no word: such a search finds nothing
 */
export function toFtsQuery(input: string, mode: 'all' | 'any' = 'all'): string | undefined {
  requireOneOf(mode, 'match', ['all', 'any']);
  const words = requireStringOrEmpty(input, 'text').toWellFormed().match(WORD) ?? [];
  const last = words.pop();
  if (last === undefined) return undefined;
  const terms = [...new Set(words)].slice(0, MAX_WORDS).map((word) => toTerm(word, false));
  return [...terms, toTerm(last, true)].join(mode === 'all' ? ' AND ' : ' OR ');
}

function toTerm(word: string, isLast: boolean): string {
  if (word.length > MAX_WORD_LENGTH) return `"${word.slice(0, MAX_WORD_LENGTH).toWellFormed()}"*`;
  const whole = isLast ? `"${word}"*` : `"${word}"`;
  const parts = partsOfName(word);
  if (parts.length === 1) return whole;
  return `(${whole} OR (${parts.map((part) => `"${part}"`).join(' AND ')}))`;
}

/** Escapes what a person typed for `LIKE @pattern ESCAPE '\'`, so that `%` and `_` stand for themselves. */
export function escapeLike(input: string): string {
  return requireStringOrEmpty(input, 'text').replace(/[\\%_]/g, (character) => `\\${character}`);
}
