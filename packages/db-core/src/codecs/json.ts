import { types } from 'node:util';
import { DatabaseError, InvalidInputError } from '../errors/index.ts';
import { isErrorNamed } from '../errors/is-error.ts';
import type { Redact } from '../redact.ts';
import { requireStringOrEmpty } from '../validation.ts';
import { redactNames, redactProperty } from './redacted-json.ts';

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An object that JSON can hold, as `metadata` columns do. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** The key under which {@link decodeJsonObject} keeps a string that is not a JSON object. */
export const UNPARSED = 'unparsed';

/** SQLite reads JSON up to this depth (https://www.sqlite.org/json1.html, section 3.1). */
const MAX_DEPTH = 1_000;

/**
 * Encodes a value for a JSON column. Lone surrogates become U+FFFD, as in any text, also in the names of properties.
 *
 * @param redact - what is taken out of each text of the value, and of the names of its properties, before it becomes JSON
 * @throws InvalidInputError when JSON can't hold it: a cycle, a bigint, a function, `NaN` or an infinity; or when it is
 *   nested more than 1,000 levels deep
 */
export function encodeJson(value: unknown, field: string, redact?: Redact): string {
  const text = stringify(value, redact)?.replace(ESCAPE, wellFormedEscape);
  if (text !== undefined && depthOf(text) > MAX_DEPTH) {
    throw new InvalidInputError(field, `expected a value that is nested at most ${MAX_DEPTH} levels deep`);
  }
  if (text === undefined) {
    throw new InvalidInputError(
      field,
      'expected a value that JSON can hold: no cycle, bigint, function, NaN or infinity, and nothing that throws when it is read',
    );
  }
  return text;
}

/**
 * Returns `undefined` if JSON can't hold the value. The engine's error is not passed on: it names properties of the value, and a
 * caller's `toJSON` says whatever it likes.
 */
function stringify(value: unknown, redact: Redact | undefined): string | undefined {
  try {
    if (redact !== undefined) return JSON.stringify(value, redacting(redact));
    // Looking at each value takes several times as long, and a number that JSON can't hold becomes a null.
    const text = JSON.stringify(value);
    return text?.includes('null') ? JSON.stringify(value, refuseLossyNumbers) : text;
  } catch (error) {
    // The function that redacts has failed.
    if (DatabaseError.isInstance(error)) throw error;
    return undefined;
  }
}

/** An escape in JSON text; that of a lone surrogate is captured. `JSON.stringify` escapes no other surrogate. */
const ESCAPE = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/gi;

/** SQLite's JSON functions would write the escape of a lone surrogate as bytes that are no UTF-8. */
function wellFormedEscape(sequence: string, loneSurrogate: string | undefined): string {
  return loneSurrogate === undefined ? sequence : '\ufffd';
}

/** Counts how deep arrays and objects are nested in JSON text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  // A string that nests deeper is longer, by both of its brackets.
  if (text.length < 2 * MAX_DEPTH) return deepest;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isInString = !isInString;
    else if (isInString) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

/**
 * Encodes a `metadata` object; absent stays NULL.
 *
 * @throws InvalidInputError when it is no plain object, or JSON can't hold it
 */
export function encodeJsonObject(value: unknown, field: string, redact?: Redact): string | null {
  if (value === undefined || value === null) return null;
  if (!isPlainObject(value)) throw new InvalidInputError(field, 'expected a plain object');
  return encodeJson(value, field, redact);
}

/** Decodes a JSON column. A damaged text is handed back as `{ unparsed: text }`, so that one row can't fail a list. */
export function decodeJson(text: string): JsonValue {
  try {
    const value = JSON.parse(requireStringOrEmpty(text, 'text'));
    return isParsedJson(value) ? value : { [UNPARSED]: text };
  } catch (error) {
    if (isErrorNamed(error, 'SyntaxError')) return { [UNPARSED]: text };
    throw error;
  }
}

/** Decodes a `metadata` column: always an object, whatever an older program left there. */
export function decodeJsonObject(text: string): JsonObject {
  const value = decodeJson(text);
  return isJsonObject(value) ? value : { [UNPARSED]: text };
}

/**
 * Merges two objects, and what is an object in both of them. What the second one has counts, `null` too: unlike in RFC 7396 (JSON
 * Merge Patch), it is a value and takes nothing away.
 */
export function mergeJsonObjects(kept: JsonObject, over: JsonObject): JsonObject {
  const changed = Object.entries(over).map(([name, value]) => {
    const earlier = Object.hasOwn(kept, name) ? kept[name] : undefined;
    const areObjects = earlier !== undefined && isJsonObject(earlier) && isJsonObject(value);
    return [name, areObjects ? mergeJsonObjects(earlier, value) : value] as const;
  });
  return Object.fromEntries([...Object.entries(kept), ...changed]);
}

/** A JSON parser returns JSON all the way down: only its type is narrowed. */
function isParsedJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns whether a value is an object of named properties, as JSON writes it: no array, no class of its own. `Object` itself
 * may be that of another realm, as with what `structuredClone` returns in a test runner.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuseLossyNumbers(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('a number is not finite');
  return value;
}

/** Redacts values as JSON is about to write them, whatever a `toJSON` made of them. */
function redacting(redact: Redact): (key: string, value: unknown) => unknown {
  return (key, value) => {
    if (typeof value === 'string' || types.isStringObject(value)) return redactProperty(key, String(value), redact);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuseLossyNumbers(key, value);
    const names = Object.keys(value);
    const redacted = redactNames(names, redact);
    if (names.every((name, index) => name === redacted[index])) return value;
    return Object.fromEntries(names.map((name, index) => [redacted[index], Reflect.get(value, name)]));
  };
}
