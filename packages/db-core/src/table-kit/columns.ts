const DIGIT = '[0-9]';
const digits = (count: number) => DIGIT.repeat(count);
const INSTANT = `${digits(4)}-${digits(2)}-${digits(2)}T${digits(2)}:${digits(2)}:${digits(2)}.${digits(3)}Z`;
const DAY = `${digits(4)}-${digits(2)}-${digits(2)}`;

/** The present instant in the one format that timestamps have. */
export const NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/** A column that holds one instant, now unless given. */
export const timestamp = (column: string) =>
  `${column} TEXT NOT NULL DEFAULT (${NOW}) CHECK (${column} GLOB '${INSTANT}')`;

/** A column that may hold an instant. */
export const optionalTimestamp = (column: string) => `${column} TEXT CHECK (${column} GLOB '${INSTANT}')`;

/** A column that holds a day of the calendar. */
export const day = (column: string) => `${column} TEXT NOT NULL CHECK (${column} GLOB '${DAY}')`;

/** A column that names something outside this table, or nothing: never the empty text, which would be a second nothing. */
export const optionalName = (column: string) => `${column} TEXT CHECK (${column} <> '')`;

/** A column that holds one of a closed set of words. */
export const oneOf = (column: string, words: readonly string[]) =>
  `${column} TEXT NOT NULL CHECK (${column} IN (${words.map((w) => `'${w}'`).join(', ')}))`;

/** A column that counts upwards from 0. */
export const counter = (column: string) => `${column} INTEGER NOT NULL DEFAULT 0 CHECK (${column} >= 0)`;

/** A column that holds an amount of at least 0. */
export const amount = (column: string) => `${column} REAL NOT NULL DEFAULT 0 CHECK (${column} >= 0)`;

/**
 * A column that holds US dollars as whole nano-dollars, which add up exactly, and one that shows them as dollars.
 * Nobody writes the latter.
 */
export const money = (column: string) => `${counter(`${column}_nanos`)},
  ${column} REAL GENERATED ALWAYS AS (${column}_nanos / 1e9) STORED`;

/** A column that holds a share from 0 to 1. */
export const share = (column: string, initial: number) =>
  `${column} REAL NOT NULL DEFAULT ${initial} CHECK (${column} BETWEEN 0 AND 1)`;

/** A column that may hold JSON. */
export const json = (column: string) => `${column} TEXT CHECK (json_valid(${column}))`;

/** The rule of every vector column: whole float32 numbers, at least one. */
export const wholeFloats = (column: string) => `CHECK (length(${column}) > 0 AND length(${column}) % 4 = 0)`;
