/**
 * Turns what a person typed into an FTS5 query that finds rows with all of its words, the last one as a prefix.
 * Every word is quoted, so no character of it is read as query syntax (https://www.sqlite.org/fts5.html, section 3).
 *
 * @returns the query, or `undefined` where the text holds no word: such a search finds nothing
 */
export function toFtsQuery(input: string, mode: 'all' | 'any' = 'all'): string | undefined {
  const words = input.toWellFormed().match(/[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}_]*/gu);
  if (words === null) return undefined;
  const quoted = words.map((word) => `"${word}"`);
  return `${quoted.join(mode === 'all' ? ' ' : ' OR ')}*`;
}

/** Escapes what a person typed for `LIKE @pattern ESCAPE '\'`, so that `%` and `_` stand for themselves. */
export function escapeLike(input: string): string {
  return input.replace(/[\\%_]/g, (character) => `\\${character}`);
}
