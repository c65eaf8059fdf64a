import type { Database, SqlValue } from '../connection/driver.ts';
import { InvalidInputError } from '../errors/index.ts';
import { identifierWords } from '../full-text/identifiers.ts';
import { requireFunction } from '../validation.ts';

/** Takes out of a text what must not be stored. */
export type Redact = (text: string) => string;

/** Checks a function, now and each time it is called: what it returns must be a text. */
export function requireRedact(redact: Redact): Redact {
  requireFunction(redact, 'redact');
  return (text) => {
    const redacted = redact(text);
    if (typeof redacted !== 'string') throw new InvalidInputError('redact', 'expected a function that returns a text');
    return redacted;
  };
}

const ofConnections = new WeakMap<Database, Redact>();

/** Sets what is taken out of the memories and messages that are written through a connection. */
export function setRedaction(db: Database, redact: Redact): void {
  ofConnections.set(db, redact);
}

/** Returns what is taken out of the memories and messages of a connection. */
export function redactionOf(db: Database): Redact | undefined {
  return ofConnections.get(db);
}

type Parameters = Record<string, SqlValue>;

/**
 * Returns what redacts the values of a row before it is written, the named columns of them; what full-text search takes
 * from `content` follows it. Where the connection has no redaction, rows stay as they are.
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
