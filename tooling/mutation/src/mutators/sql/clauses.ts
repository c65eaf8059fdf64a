import type { Edit } from '../change.ts';
import type { Token } from './tokens.ts';

/** A run of tokens, by the index of its first and its last. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Words that end a condition, a list of assignments or a list of terms, unless they stand in parentheses of it. */
const CLAUSE_WORDS = new Set(
  `SELECT FROM WHERE GROUP ORDER LIMIT OFFSET HAVING WINDOW UNION EXCEPT INTERSECT RETURNING ON DO SET BEGIN THEN ELSE
   WHEN CASE END JOIN LEFT INNER CROSS VALUES`.split(/\s+/),
);

/** Returns the run from a token on to the end of its clause, or to a separator between its parts. */
export function runAfter(tokens: readonly Token[], from: number, separators: readonly string[]): Run {
  const depth = tokens[from]?.depth ?? 0;
  const ends = (token: Token, at: number) =>
    token.depth < depth || (token.depth === depth && (isClauseEnd(token) || isSeparator(tokens, at, separators)));
  let to = from;
  // CASE ... END is one term: its words end no clause.
  for (let cases = 0; to < tokens.length; to++) {
    const token = tokens[to];
    if (token === undefined) break;
    if (token.depth === depth && token.text === 'CASE') cases++;
    else if (cases > 0 && token.depth === depth && token.text === 'END') cases--;
    else if (cases === 0 && ends(token, to)) break;
  }
  return { from, to: to - 1 };
}

/** Returns the run before a token, back to the beginning of its clause or to a separator. */
export function runBefore(tokens: readonly Token[], end: number, separators: readonly string[]): Run {
  const depth = tokens[end]?.depth ?? 0;
  let from = end;
  for (let cases = 0; from > 0; from--) {
    const token = tokens[from - 1];
    if (token === undefined || token.depth < depth) break;
    if (token.depth > depth) continue;
    if (token.text === 'END') cases++;
    else if (cases > 0 && token.text === 'CASE') cases--;
    else if (cases === 0 && (isClauseEnd(token) || isSeparator(tokens, from - 1, separators))) break;
  }
  return { from, to: end - 1 };
}

/** Returns the parts of a list that begins at a token. */
export function listItems(tokens: readonly Token[], from: number): Run[] {
  const items: Run[] = [];
  for (let next = from; next < tokens.length; ) {
    const item = runAfter(tokens, next, [',']);
    if (item.to < item.from) break;
    items.push(item);
    if (tokens[item.to + 1]?.text !== ',') break;
    next = item.to + 2;
  }
  return items;
}

/** Removes a run with the white space before it. */
export function remove(tokens: readonly Token[], { from, to }: Run): Edit {
  const first = tokens[from];
  const start = tokens[from - 1]?.end ?? first?.start ?? 0;
  const end = tokens[to]?.end ?? start;
  return { start, end: from === 0 ? (tokens[to + 1]?.start ?? end) : end, text: '' };
}

/** Removes an item of a list, with the comma that stands before or after it. */
export function removeItem(tokens: readonly Token[], { from, to }: Run): Edit {
  if (tokens[from - 1]?.text === ',') return remove(tokens, { from: from - 1, to });
  if (tokens[to + 1]?.text === ',') return remove(tokens, { from, to: to + 1 });
  return remove(tokens, { from, to });
}

/** Puts another text in the place of a run. */
export function replace(tokens: readonly Token[], { from, to }: Run, text: string): Edit {
  const start = tokens[from]?.start ?? 0;
  return { start, end: tokens[to]?.end ?? start, text };
}

/** Returns the index of the parenthesis that closes the one at an index. */
export function closing(tokens: readonly Token[], open: number): number {
  const depth = tokens[open]?.depth;
  const close = tokens.findIndex((token, index) => index > open && token.text === ')' && token.depth === depth);
  return close < 0 ? tokens.length - 1 : close;
}

/** Returns whether a token joins two conditions: not the AND of BETWEEN, nor the OR of INSERT OR IGNORE. */
export function isConnective(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.text === 'OR') return !['INSERT', 'UPDATE'].includes(tokens[at - 1]?.text ?? '');
  if (token?.text !== 'AND') return false;
  const before = tokens.slice(0, at).filter(({ depth }) => depth === token.depth);
  return before.findLast(({ text }) => ['BETWEEN', 'AND', 'OR', 'WHERE', 'WHEN'].includes(text))?.text !== 'BETWEEN';
}

function isSeparator(tokens: readonly Token[], at: number, separators: readonly string[]): boolean {
  const text = tokens[at]?.text ?? '';
  return separators.includes(text) && (text !== 'AND' || isConnective(tokens, at));
}

function isClauseEnd({ text }: Token): boolean {
  return text === ';' || CLAUSE_WORDS.has(text);
}
