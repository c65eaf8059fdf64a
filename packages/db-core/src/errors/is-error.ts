import { types } from 'node:util';

/**
 * Returns whether a value is an error, of this realm or of another: test runners load the driver in one of their own.
 */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}
