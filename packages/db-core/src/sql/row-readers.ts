import { types } from 'node:util';
import { decodeJson, decodeJsonObject, type JsonObject, type JsonValue } from '../codecs/json.ts';
import { decodeVector } from '../codecs/vectors.ts';
import { CorruptError } from '../errors/index.ts';
import type { Row } from './prepared-statement.ts';

/** Reads a column that always holds text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unexpected(column, 'text', value);
}

/** Reads a column that may hold text. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** Reads a column that always holds a number that JavaScript can hold exactly or as a double. */
export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : unexpected(column, 'a number', value);
}

/** Reads a column that may hold a number. */
export function optionalNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : number(row, column);
}

/** Reads a column that holds 0 or 1. */
export function flag(row: Row, column: string): boolean {
  return number(row, column) !== 0;
}

/** Reads a column that holds one of a closed set of words. */
export function oneOf<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = row[column];
  const found = words.find((candidate) => candidate === value);
  return found ?? unexpected(column, `one of ${words.join(', ')}`, value);
}

/** Reads a column that always holds bytes. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  return types.isUint8Array(value) ? value : unexpected(column, 'bytes', value);
}

/** Reads a column that may hold an embedding. */
export function optionalVector(row: Row, column: string): Float32Array | undefined {
  return row[column] === null ? undefined : decodeVector(bytes(row, column));
}

/** Reads a column that may hold JSON of any shape. */
export function optionalJson(row: Row, column: string): JsonValue | undefined {
  const json = optionalText(row, column);
  return json === undefined ? undefined : decodeJson(json);
}

/** Reads a column that may hold a JSON object. */
export function optionalJsonObject(row: Row, column: string): JsonObject | undefined {
  const json = optionalText(row, column);
  return json === undefined ? undefined : decodeJsonObject(json);
}

function unexpected(column: string, expected: string, value: unknown): never {
  throw new CorruptError(
    `Column ${column} should hold ${expected} and holds ${value === null ? 'NULL' : typeof value}. ` +
      'Check the integrity of the database.',
  );
}
