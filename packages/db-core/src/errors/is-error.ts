import { types } from 'node:util';

/**
 * Returns whether a value is an error, of this realm or of another: test runners load packages in one of their own, and what
 * Node.js and the driver throw comes from outside.
 */
export function isError(value: unknown): value is Error {
  // What a signal is aborted with is an error to everybody but V8.
  return types.isNativeError(value) || value instanceof Error || tagOf(value) === '[object DOMException]';
}

/** Returns whether a value is an error of one of the language's own classes, of whichever realm. */
export function isErrorNamed(
  value: unknown,
  name: 'RangeError' | 'ReferenceError' | 'SyntaxError' | 'TypeError',
): value is Error {
  return isError(value) && value.name === name;
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}
