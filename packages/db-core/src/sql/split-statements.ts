/** Everything that SQLite reads as one: comments, quoted texts and names, words, and single characters. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|[\w$\u0080-\uffff]+|\S/g;

/** One statement of several. */
export interface SqlStatement {
  readonly sql: string;
  /** Its first word, in upper case. */
  readonly verb: string;
}

/**
 * Splits SQL into its statements. As in `sqlite3_complete`, a trigger ends with the `END` that follows a semicolon. Whoever runs
 * them prepares each on its own, so that SQLite refuses what was split otherwise than it reads it.
 */
export function splitStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let start = 0;
  let tokens: string[] = [];
  const end = (at: number) => {
    const [verb] = tokens;
    if (verb !== undefined) statements.push({ sql: sql.slice(start, at), verb });
    start = at;
    tokens = [];
  };
  for (const { 0: token, index } of sql.matchAll(TOKEN)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue;
    if (token === ';' && isComplete(tokens)) end(index + 1);
    else tokens.push(token.toUpperCase());
  }
  end(sql.length);
  return statements;
}

function isComplete(tokens: readonly string[]): boolean {
  const [verb, second = '', third] = tokens;
  const isTrigger = verb === 'CREATE' && (/^TEMP(ORARY)?$/.test(second) ? third : second) === 'TRIGGER';
  return !isTrigger || (tokens.at(-1) === 'END' && tokens.at(-2) === ';');
}
