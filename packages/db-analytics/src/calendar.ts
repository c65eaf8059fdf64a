import { InvalidInputError } from '@codebuddy/db-core';
import { formatTimestamp, isCalendarDate, isErrorNamed, requireString } from '@codebuddy/db-core/internal';

const DAY_MS = 86_400_000;

/**
 * The days of one time zone. A day is named `YYYY-MM-DD` as people there call it; weeks start on Monday (ISO 8601).
 * Only names of days are stored and compared, so a day of 23 or 25 hours is a day like any other.
 */
export class Calendar {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone - an IANA name such as `Europe/Paris`. Default: the system's */
  constructor(timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.timeZone = requireString(timeZone, 'timeZone');
    try {
      this.#format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    } catch (error) {
      if (isErrorNamed(error, 'RangeError'))
        throw new InvalidInputError('timeZone', 'expected an IANA name such as Europe/Paris');
      throw error;
    }
  }

  /** The day of an instant, given in milliseconds since 1970-01-01 UTC. */
  dayOf(instant: number): string {
    if (!Number.isFinite(instant)) throw new InvalidInputError('clock', 'expected milliseconds since 1970-01-01 UTC');
    return this.#format.format(instant);
  }
}

/** The day some days after another one, or before if the number is negative. */
export function addDays(day: string, days: number): string {
  return formatTimestamp(requireDay(day) + days * DAY_MS, 'days').slice(0, 10);
}

/** The Monday of a day's week. */
export function startOfWeek(day: string): string {
  const daysSinceMonday = (new Date(requireDay(day)).getUTCDay() + 6) % 7;
  return addDays(day, -daysSinceMonday);
}

/** The first day of a day's month. */
export function startOfMonth(day: string): string {
  requireDay(day);
  return `${day.slice(0, 8)}01`;
}

function requireDay(day: string): number {
  if (!isCalendarDate(day)) throw new InvalidInputError('date', 'expected a day of the calendar as YYYY-MM-DD');
  return Date.parse(`${day}T00:00:00Z`);
}
