import { types } from 'node:util';
import { InvalidInputError } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';

/**
 * Checks that JSON holds all of a value, so that it comes back as it was: `JSON.stringify` alone makes `{}` of a `Map` or an
 * `Error`, and `null` of a function in an array. A value with a `toJSON` method, such as a `Date` or a `URL`, is what that
 * method makes of it.
 *
 * @throws InvalidInputError when a part of it would get lost; it says which by counting properties and items, since their names
 *   may be a caller's content
 */
export function requireJsonValue<Value>(value: Value, field: string): Value {
  const loss = lossOf(value);
  if (loss !== undefined) {
    const place = loss.path.length === 0 ? 'not' : `not, at ${loss.path.join(', ')} (counted from 1),`;
    throw new InvalidInputError(
      field,
      `expected a value that comes back from JSON as it was, and ${place} ${loss.what}`,
    );
  }
  return value;
}

/** A part of a value that JSON can't hold. */
interface Loss {
  readonly what: string;
  /** From outside to inside, such as `property 2`. */
  readonly path: readonly string[];
}

function lossOf(value: unknown): Loss | undefined {
  try {
    return findLoss(value, '', new Set());
  } catch {
    // Reading it throws, or it is nested too deep: `encodeJson` refuses both.
    return undefined;
  }
}

/** @param seen - is not looked at again: an object may be in a circle, or in several places */
function findLoss(value: unknown, key: string, seen: Set<object>): Loss | undefined {
  if (typeof value !== 'object' || value === null) return lost(nameOfLostPrimitive(value));
  if (types.isArrayBufferView(value) || types.isAnyArrayBuffer(value)) return lost('bytes');
  if (seen.has(value)) return undefined;
  seen.add(value);
  if ('toJSON' in value && typeof value.toJSON === 'function') return findLoss(value.toJSON(key), key, seen);
  if (Array.isArray(value)) return findLossInItems(value, seen);
  if (!isRecord(value)) return lost(nameOfLostObject(value));
  return findLossInProperties(value, seen);
}

function findLossInItems(items: readonly unknown[], seen: Set<object>): Loss | undefined {
  for (const [index, item] of items.entries()) {
    const loss = item === undefined ? lost('undefined') : findLoss(item, String(index), seen);
    if (loss !== undefined) return { what: loss.what, path: [`item ${index + 1}`, ...loss.path] };
  }
  return undefined;
}

function findLossInProperties(record: object, seen: Set<object>): Loss | undefined {
  for (const [index, [name, part]] of Object.entries(record).entries()) {
    const loss = findLoss(part, name, seen);
    if (loss !== undefined) return { what: loss.what, path: [`property ${index + 1}`, ...loss.path] };
  }
  return undefined;
}

function lost(what: string | undefined): Loss | undefined {
  return what === undefined ? undefined : { what, path: [] };
}

/** A property that is `undefined` is none. */
function nameOfLostPrimitive(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'NaN or an infinity';
  if (typeof value === 'bigint') return 'a bigint';
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : undefined;
}

function nameOfLostObject(value: object): string {
  if (types.isMap(value)) return 'a Map';
  if (types.isSet(value)) return 'a Set';
  if (types.isRegExp(value)) return 'a regular expression';
  if (types.isPromise(value)) return 'a promise, which was not awaited';
  return isError(value) ? 'an error' : 'an instance of a class without toJSON';
}

/** Returns whether an object is a record of properties, made in whichever realm. */
function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
