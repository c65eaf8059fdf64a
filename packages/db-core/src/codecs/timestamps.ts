import { types } from 'node:util';
import { InvalidInputError } from '../errors/index.ts';

/** The largest instant that four digits of a year can hold: 9999-12-31T23:59:59.999Z, in milliseconds since 1970. */
const LAST_INSTANT = 253_402_300_799_999;

/** 0000-01-01T00:00:00.000Z, in milliseconds since 1970. */
const FIRST_INSTANT = -62_167_219_200_000;

/**
 * Formats an instant the one way these packages store it: ISO 8601, UTC, milliseconds and `Z`, so that comparing the
 * texts compares the instants.
 *
 * @param milliseconds - since 1970-01-01 UTC
 * @throws InvalidInputError when the instant is not finite or its year does not have four digits
 */
export function formatTimestamp(milliseconds: number, field = 'timestamp'): string {
  const isInstant = typeof milliseconds === 'number' && milliseconds >= FIRST_INSTANT && milliseconds <= LAST_INSTANT;
  if (!isInstant) {
    throw new InvalidInputError(field, 'expected an instant between the years 0000 and 9999');
  }
  return new Date(milliseconds).toISOString();
}

/** Writes an instant, in milliseconds since 1970, as a part of a file's name. */
export function fileStamp(milliseconds: number, field = 'timestamp'): string {
  return formatTimestamp(milliseconds, field).replace(/[:.]/g, '-');
}

/**
 * Brings a caller's instant, a `Date` or a string in a format that ISO 8601 knows, to the stored format.
 *
 * @throws InvalidInputError when the value is not an instant
 */
export function normalizeTimestamp(value: Date | string, field = 'timestamp'): string {
  if (typeof value === 'string' && isStoredTimestamp(value)) return value;
  const instant = types.isDate(value) ? value.getTime() : typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (instant === undefined) {
    throw new InvalidInputError(field, 'expected an ISO 8601 instant such as 2026-01-02T03:04:05.678Z');
  }
  return formatTimestamp(instant, field);
}

/** Returns whether a string is an instant in the stored format already; reading it and writing it again takes longer. */
function isStoredTimestamp(text: string): boolean {
  return storedInstant.test(text) && isCalendarDate(text.slice(0, 10));
}

const storedInstant = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

const isoInstant = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Reads an ISO 8601 text, or SQLite's `YYYY-MM-DD HH:MM:SS`. Without an offset it is taken as UTC, as SQLite writes it.
 *
 * @returns milliseconds since 1970-01-01 UTC, or `undefined` if the text is not an instant of the calendar
 */
export function parseTimestamp(text: string): number | undefined {
  const match = typeof text === 'string' ? isoInstant.exec(text.trim()) : null;
  if (match === null) return undefined;
  const [, day = '', time = '00:00:00', offset = 'Z'] = match;
  if (!isCalendarDate(day)) return undefined;
  const instant = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Returns whether a string is a day of the calendar as `YYYY-MM-DD`: 2025-02-30 is not. */
export function isCalendarDate(text: string): boolean {
  const match = typeof text === 'string' ? calendarDate.exec(text) : null;
  if (match === null) return false;
  const day = Number(match[3]);
  // The calendar repeats every 400 years, and Date takes the years 0 to 99 for those of the last century.
  return day <= 28 || day <= new Date(2000 + (Number(match[1]) % 400), Number(match[2]), 0).getDate();
}

const calendarDate = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
