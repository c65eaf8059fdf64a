/** A name of a table, a column or a function, as SQL has it without quotes. */
const NAME = /^[A-Za-z_][\w.$]{0,127}$/;

/**
 * Takes out of a message of SQLite what it quotes of a statement, unless that is a bare name: a value that somebody pasted
 * into SQL, in whichever quotes, must not reach an error.
 *
 * @example
 * ```ts
 * withoutValues('near "FORM": syntax error'); // the same
 * withoutValues('no such column: "hunter2" - should this be a string literal in single-quotes?'); // without the value
 * ```
 */
export function withoutValues(message: string): string {
  const syntax = /^near "([\s\S]*)": syntax error$/.exec(message);
  if (syntax !== null) return NAME.test(syntax[1] ?? '') ? message : 'syntax error';
  const missing = /^(no such [a-z ]+|[a-z ]+ name|unknown [a-z ]+|unrecognized token|bad JSON path): ([\s\S]*)$/.exec(
    message,
  );
  if (missing !== null) {
    const [, problem = '', found = ''] = missing;
    return NAME.test(found) ? message : `${problem}${found.endsWith(HINT) ? HINT : ''}`;
  }
  return message.replace(/"[\s\S]*"/, '"..."');
}

/** The part of SQLite's message about text in double quotes. */
const HINT = ' - should this be a string literal in single-quotes?';
