import { types } from 'node:util';
import { Script } from 'node:vm';
import { InvalidInputError } from '@codebuddy/db-core';

/** The time limit of a caller's expression over all keys, in milliseconds. */
const TIME_LIMIT_MS = 1_000;

const matchAll = new Script('keys.filter((key) => new RegExp(source, flags).test(key))');

/**
 * Returns the keys that match an expression. It is given up after a second: some expressions take longer than the age
 * of the universe over an unlucky text.
 *
 * @throws InvalidInputError when it takes too long
 */
export function matchingKeys(keys: readonly string[], pattern: RegExp): string[] {
  if (!types.isRegExp(pattern)) throw new InvalidInputError('pattern', 'expected a string or a regular expression');
  // With `g` or `y`, an expression remembers where it stopped, and would skip keys.
  const context = { keys, source: pattern.source, flags: pattern.flags.replace(/[gy]/g, '') };
  try {
    const matched: unknown = matchAll.runInNewContext(context, { timeout: TIME_LIMIT_MS });
    return Array.isArray(matched) ? Array.from(matched, String) : [];
  } catch (error) {
    // The error comes from the script's own realm, where `Error` is another class.
    if (types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      throw new InvalidInputError(
        'pattern',
        `expected an expression that takes less than ${TIME_LIMIT_MS} ms over all keys`,
      );
    }
    throw new InvalidInputError('pattern', 'expected a regular expression whose source and flags go together');
  }
}
