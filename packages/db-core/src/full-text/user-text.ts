import { requireTextOrEmpty } from '../validation.ts';
import { partsOfName } from './identifiers.ts';

const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}_]*/gu;

/**
 * Turns what a person typed into an FTS5 query that finds rows with all of its words, the last one as a prefix. A compound
 * name is found as it is, and by its parts: `getUserById` finds "get user by id".
 *
 * Every word is quoted, so no character of it is read as query syntax (https://www.sqlite.org/fts5.html, section 3).
 *
 * @throws InvalidInputError when it is no text
 * @returns the query, or `undefined` where the text holds no word: such a search finds nothing
 */
export function toFtsQuery(input: string, mode: 'all' | 'any' = 'all'): string | undefined {
  const words = requireTextOrEmpty(input, 'text').toWellFormed().match(WORD);
  if (words === null) return undefined;
  const terms = words.map((word, index) => toTerm(word, index === words.length - 1));
  return terms.join(mode === 'all' ? ' AND ' : ' OR ');
}

function toTerm(word: string, isLast: boolean): string {
  const whole = isLast ? `"${word}"*` : `"${word}"`;
  const parts = partsOfName(word);
  if (parts.length === 1) return whole;
  return `(${whole} OR (${parts.map((part) => `"${part}"`).join(' AND ')}))`;
}

/** Escapes what a person typed for `LIKE @pattern ESCAPE '\'`, so that `%` and `_` stand for themselves. */
export function escapeLike(input: string): string {
  return requireTextOrEmpty(input, 'text').replace(/[\\%_]/g, (character) => `\\${character}`);
}
