import type { Token } from './tokens.ts';

/** A statement of a script, without its semicolon. */
export interface Statement {
  readonly tokens: readonly Token[];
  /** The statements between BEGIN and END, if it creates a trigger. */
  readonly body: readonly Statement[];
}

const STATEMENT_WORDS = new Set(['CREATE', 'INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER']);

/** Splits a script into its statements. The semicolons inside a trigger end the statements of its body only. */
export function splitStatements(tokens: readonly Token[]): Statement[] {
  const statements: Statement[] = [];
  let current: Token[] = [];
  let open = 0;
  const take = () => {
    if (current.length > 0) statements.push({ tokens: current, body: triggerBody(current) });
    current = [];
    open = 0;
  };
  for (const token of tokens) {
    if (token.text === ';' && open === 0) {
      take();
      continue;
    }
    // What a template puts between statements ends its own.
    if (STATEMENT_WORDS.has(token.text) && current.length > 0 && current.every(({ kind }) => kind === 'hole')) take();
    current.push(token);
    if (token.text === 'CASE' || (token.text === 'BEGIN' && isTrigger(current))) open++;
    if (token.text === 'END') open--;
  }
  take();
  return statements;
}

function isTrigger(tokens: readonly Token[]): boolean {
  return tokens[0]?.text === 'CREATE' && tokens.slice(1, 3).some(({ text }) => text === 'TRIGGER');
}

function triggerBody(tokens: readonly Token[]): Statement[] {
  if (!isTrigger(tokens)) return [];
  const begin = tokens.findIndex(({ text }) => text === 'BEGIN');
  return splitStatements(
    tokens.slice(
      begin + 1,
      tokens.findLastIndex(({ text }) => text === 'END'),
    ),
  );
}
