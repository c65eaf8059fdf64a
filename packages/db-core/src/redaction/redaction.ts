import { throughJson } from '../codecs/redacted-json.ts';
import type { Database } from '../connection/driver.ts';
import { InvalidInputError } from '../errors/index.ts';
import type { Redact } from '../redact.ts';
import { contextOf } from '../sql/connection-context.ts';
import { requireFunction, requireStringOrEmpty } from '../validation.ts';

/**
 * Checks a function, now and each time it is called: what it returns must be a string. What it throws is not passed on,
 * since it may quote the text. The result also sees through JSON in a text.
 */
export function requireRedact(redact: Redact): Redact {
  requireFunction(redact, 'redact');
  const throughText = throughJson((text) => {
    let redacted: unknown;
    try {
      redacted = redact(text);
    } catch {
      throw new InvalidInputError('redact', 'expected a function that does not throw; nothing was stored');
    }
    if (typeof redacted !== 'string')
      throw new InvalidInputError('redact', 'expected a function that returns a string');
    return redacted.toWellFormed();
  });
  return (text) => throughText(requireStringOrEmpty(text, 'text'));
}

/** Returns the function that takes secrets out of everything that somebody says, before a connection stores it. */
export function redactionOf(db: Database): Redact | undefined {
  return contextOf(db).redact;
}

/** Redacts a text, if anything is redacted at all. */
export function redactText(text: string, redact: Redact | undefined): string;
export function redactText(text: string | null, redact: Redact | undefined): string | null;
export function redactText(text: string | null, redact: Redact | undefined): string | null {
  return text === null || redact === undefined ? text : redact(text);
}
