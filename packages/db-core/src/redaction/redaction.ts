import type { Database, SqlValue } from '../connection/driver.ts';
import { InvalidInputError } from '../errors/index.ts';
import { identifierWords } from '../full-text/identifiers.ts';
import { contextOf } from '../sql/connection-context.ts';
import { requireFunction } from '../validation.ts';
import type { Redact } from './redact.ts';

/**
 * Checks a function, now and each time it is called: what it returns must be a string. What it throws is not passed on,
 * since it may quote the text.
 */
export function requireRedact(redact: Redact): Redact {
  requireFunction(redact, 'redact');
  return (text) => {
    let redacted: unknown;
    try {
      redacted = redact(text);
    } catch {
      throw new InvalidInputError('redact', 'expected a function that does not throw; nothing was stored');
    }
    if (typeof redacted !== 'string')
      throw new InvalidInputError('redact', 'expected a function that returns a string');
    return redacted;
  };
}

/** Returns what is taken out of the memories and messages of a connection. */
export function redactionOf(db: Database): Redact | undefined {
  return contextOf(db).redact;
}

type Parameters = Record<string, SqlValue>;

/**
 * Returns what redacts the values of a row before it is written, the named columns of them; what full-text search takes
 * from `content` follows it. If the connection has no redaction, rows stay as they are.
 */
export function prepareRedaction(db: Database, columns: readonly string[]): (row: Parameters) => Parameters {
  const redact = redactionOf(db);
  if (redact === undefined) return (row) => row;
  return (row) => {
    const redacted = { ...row };
    for (const column of columns) {
      const value = row[column];
      if (typeof value === 'string') redacted[column] = redact(value);
    }
    if (typeof redacted['content'] === 'string') redacted['identifiers'] = identifierWords(redacted['content']);
    return redacted;
  };
}
