import { DatabaseSync } from 'node:sqlite';
import { splitStatements } from './statements.ts';
import { HOLE, tokenize } from './tokens.ts';

const database = new DatabaseSync(':memory:');

/** What may stand around a part of a statement. The first one is for whole statements. */
const SURROUNDINGS: readonly ((part: string) => string)[] = [
  (part) => part,
  (part) => `SELECT ${part}`,
  (part) => `SELECT 1 FROM t ${part}`,
  (part) => `SELECT 1 FROM t WHERE ${part}`,
  (part) => `SELECT 1 FROM t WHERE x ${part}`,
  (part) => `SELECT 1 FROM t ORDER BY ${part}`,
  (part) => `UPDATE t SET ${part}`,
  (part) => `INSERT INTO t VALUES (1) ${part}`,
  (part) => `CREATE TABLE t (${part})`,
  (part) => `CREATE TABLE t (x ${part})`,
  (part) => `PRAGMA ${part}`,
];

/** What a `${...}` may stand for. */
const CONTENTS = ['x', '', '(x)', '1', 'x = 1', 'WHERE x', 'INSERT INTO t VALUES (1);', 'x INTEGER'];

/**
 * Returns whether SQLite can read a string that came from another by an edit. A string with holes, or a part of a
 * statement, is completed in the way that makes the original readable; without such a way nothing is known, and it
 * counts as readable.
 */
export function staysParsable(original: string, edited: string): boolean {
  const complete = completionFor(original);
  return complete === undefined || isParsable(complete(edited));
}

const completions = new Map<string, ((sql: string) => string) | undefined>();

function completionFor(original: string): ((sql: string) => string) | undefined {
  if (completions.has(original)) return completions.get(original);
  const found = CONTENTS.flatMap((content) =>
    SURROUNDINGS.map(
      (surround) => (sql: string) => surround(sql.replaceAll(new RegExp(`${HOLE}+`, 'g'), () => content)),
    ),
  ).find((complete) => isParsable(complete(original)));
  completions.set(original, found);
  return found;
}

function isParsable(sql: string): boolean {
  return splitStatements(tokenize(sql)).every(({ tokens }) => {
    const statement = sql.slice(tokens[0]?.start, tokens.at(-1)?.end);
    try {
      database.prepare(statement);
      return true;
    } catch (error) {
      // Tables and columns are missing here; only what is no SQL at all matters.
      return !/syntax error|incomplete input|unrecognized token/.test(String(error));
    }
  });
}
