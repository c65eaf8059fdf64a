import { hasErrorCode, type JsonObject, type JsonValue } from '@codebuddy/db-core';
import { decodeJson, encodeJson, isPlainObject } from '@codebuddy/db-core/internal';
import { roundAmount } from './amount.ts';
import { readInstant } from './instant.ts';

/**
 * Reads the known properties of a legacy entry as they would be stored, and collects what is wrong with them, so that a report
 * names every reason at once. A property that is absent or `null` is not wrong if it is optional.
 */
export class EntryReader {
  readonly reasons: string[] = [];
  readonly #entry: Record<string, unknown>;

  readonly isObject: boolean;

  constructor(entry: unknown) {
    this.isObject = isPlainObject(entry);
    this.#entry = isPlainObject(entry) ? entry : {};
    if (!this.isObject) this.reasons.push('it is not an object');
  }

  /** A string that must be there. */
  text(name: string): string {
    const value = this.#entry[name];
    if (typeof value === 'string' && value !== '') return value.toWellFormed();
    if (this.reasons.length === 0 || isPresent(value)) this.reasons.push(`${name} is not a text`);
    return '';
  }

  optionalText(name: string): string | undefined {
    return this.#optional(name, 'a text', (value) => (typeof value === 'string' ? value.toWellFormed() : undefined));
  }

  optionalNumber(name: string, { min = -Infinity, max = Infinity } = {}): number | undefined {
    const range = max === Infinity ? `a number of at least ${min}` : `a number from ${min} to ${max}`;
    return this.#optional(name, range, (value) =>
      typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max ? unsigned(value) : undefined,
    );
  }

  /** An amount of US dollars, rounded as amounts are stored. */
  optionalAmount(name: string): number | undefined {
    return this.#optional(name, 'an amount of US dollars from 0 to 9,007,199', (value) =>
      typeof value === 'number' ? roundAmount(value) : undefined,
    );
  }

  optionalCount(name: string): number | undefined {
    return this.#optional(name, 'a whole number of at least 0', (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? unsigned(value) : undefined,
    );
  }

  /** An instant, in the format of the database. */
  optionalInstant(name: string): string | undefined {
    return this.#optional(name, 'an instant', readInstant);
  }

  /** An instant that must be there, in the format of the database. */
  instant(name: string): string {
    const value = this.#entry[name];
    const instant = readInstant(value);
    if (instant === undefined && (this.isObject || isPresent(value))) this.reasons.push(`${name} is not an instant`);
    return instant ?? '';
  }

  optionalFlag(name: string): boolean | undefined {
    return this.#optional(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  optionalVector(name: string): Float32Array | undefined {
    return this.#optional(name, 'a list of finite numbers', (value) =>
      Array.isArray(value) && value.length > 0 && value.every(isFloat32) ? new Float32Array(value) : undefined,
    );
  }

  optionalTexts(name: string): string[] | undefined {
    return this.#optional(name, 'a list of texts', (value) =>
      Array.isArray(value) && value.every((each) => typeof each === 'string')
        ? value.map((each: string) => each.toWellFormed())
        : undefined,
    );
  }

  optionalObject(name: string): JsonObject | undefined {
    const value = this.#optional(name, 'an object', (given) => (isPlainObject(given) ? given : undefined));
    const json = value === undefined ? undefined : this.json(name);
    return isJsonObject(json) ? json : undefined;
  }

  /** A value of any shape, `null` among them. It is absent, too, if a JSON column can't hold it. */
  json(name: string): JsonValue | undefined {
    const value = this.#entry[name];
    if (value === undefined) return undefined;
    try {
      return decodeJson(withoutPrototypeKeys(encodeJson(value, name)));
    } catch (error) {
      if (!hasErrorCode(error, 'DB_INVALID_INPUT')) throw error;
      this.reasons.push(error.message.replace(/\.$/, ''));
      return undefined;
    }
  }

  has(name: string): boolean {
    return name in this.#entry;
  }

  /** A value of any shape. */
  any(name: string): unknown {
    return this.#entry[name] ?? undefined;
  }

  #optional<Value>(name: string, expected: string, read: (value: unknown) => Value | undefined): Value | undefined {
    const value = this.#entry[name];
    if (!isPresent(value)) return undefined;
    const found = read(value);
    if (found === undefined) this.reasons.push(`${name} is not ${expected}`);
    return found;
  }
}

function isFloat32(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return isPlainObject(value);
}

/** Nothing that is merged from JSON later may reach a prototype. */
function withoutPrototypeKeys(text: string): string {
  if (!text.includes('"__proto__"')) return text;
  const value: unknown = JSON.parse(text, (key: string, each: unknown) => (key === '__proto__' ? undefined : each));
  return JSON.stringify(value);
}

/** SQLite keeps no negative zero. */
function unsigned(value: number): number {
  return value === 0 ? 0 : value;
}
