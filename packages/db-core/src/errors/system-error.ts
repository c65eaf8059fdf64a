import { isError } from './is-error.ts';

/** Returns whether a value is an error with one of these codes of Node.js or the system, such as `ENOENT`. */
export function hasSystemCode(error: unknown, ...codes: readonly string[]): boolean {
  return isError(error) && 'code' in error && codes.some((code) => code === error.code);
}

/** Returns whether a value is an error of a call to the system, whatever its code. */
export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return isError(error) && 'syscall' in error && 'code' in error;
}
