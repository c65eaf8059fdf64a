import { types } from 'node:util';
import { InvalidInputError } from './errors/index.ts';

/** Checks a string that must not be empty; lone surrogates, which SQLite would replace, are replaced here already. */
export function requireString(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.length === 0)
    throw new InvalidInputError(field, 'expected a non-empty string');
  return value.toWellFormed();
}

/**
 * Checks a string that something is found by again. SQLite would take each lone surrogate for U+FFFD, so that two keys became one,
 * and some of its functions end a string at NUL.
 */
export function requireKey(value: unknown, field: string): string {
  const key = requireString(value, field);
  if (key !== value || key.includes('\0'))
    throw new InvalidInputError(field, 'expected a string of whole characters, without NUL');
  return key;
}

/** Checks a string that may be empty. */
export function requireStringOrEmpty(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new InvalidInputError(field, 'expected a string');
  return value;
}

/** Checks a string that may be absent or empty; absent becomes `null`, as columns hold it. */
export function optionalStringOrNull(value: unknown, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw new InvalidInputError(field, 'expected a string');
  return value.toWellFormed();
}

/** Checks a name that may be absent but not empty; absent becomes `null`, as columns hold it. */
export function optionalNameOrNull(value: unknown, field: string): string | null {
  return value === undefined || value === null ? null : requireString(value, field);
}

/** Checks that an argument is an object with parts of its own, whichever those are. */
export function requireObject<Value extends object>(value: Value, field: string): Value {
  if (typeof value !== 'object' || value === null) throw new InvalidInputError(field, 'expected an object');
  return value;
}

/** Checks that an argument is a list, whatever is in it. */
export function requireArray<Item>(value: readonly Item[], field: string): readonly Item[] {
  if (!Array.isArray(value)) throw new InvalidInputError(field, 'expected an array');
  return value;
}

/** Checks an argument that is to be called. */
export function requireFunction<Callable extends (...parameters: never[]) => unknown>(
  value: Callable,
  field: string,
): Callable {
  if (typeof value !== 'function') throw new InvalidInputError(field, 'expected a function');
  return value;
}

/** Checks a choice that may be absent: what only looks like true or false is neither. */
export function optionalBoolean(value: unknown, field: string): boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') throw new InvalidInputError(field, 'expected true or false');
  return value;
}

/** Checks bytes; a `Buffer` is some. */
export function requireBytes(value: Uint8Array, field: string): Uint8Array {
  if (!types.isUint8Array(value)) throw new InvalidInputError(field, 'expected bytes, such as a Buffer');
  return value;
}

/** Checks a path, whether or not there is anything. */
export function requirePath(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.trim() === '' || value.includes('\0'))
    throw new InvalidInputError(field, 'expected a path');
  return value;
}

/** The bounds of a number, both inclusive. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Checks an integer that JavaScript holds exactly. */
export function requireInteger(value: unknown, field: string, bounds: Bounds = {}): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value))
    throw new InvalidInputError(field, 'expected an integer');
  return withinBounds(value, field, bounds);
}

/** Checks an integer that may be absent. */
export function optionalInteger(value: unknown, field: string, bounds: Bounds = {}): number | undefined {
  return value === undefined ? undefined : requireInteger(value, field, bounds);
}

/** Checks a finite number. */
export function requireNumber(value: unknown, field: string, bounds: Bounds = {}): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new InvalidInputError(field, 'expected a finite number');
  return withinBounds(value, field, bounds);
}

/** Checks a word of a closed set. */
export function requireOneOf<Word extends string>(value: unknown, field: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new InvalidInputError(field, `expected one of ${words.join(', ')}`);
  return found;
}

function withinBounds(value: number, field: string, { min = -Infinity, max = Infinity }: Bounds): number {
  if (value < min) throw new InvalidInputError(field, `expected at least ${min}`);
  if (value > max) throw new InvalidInputError(field, `expected at most ${max}`);
  // A negative zero is 0 to everybody but the driver, who takes it for no integer.
  return value === 0 ? 0 : value;
}
