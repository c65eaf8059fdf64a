import type { Duration } from '@codebuddy/db-core';
import { InvalidInputError } from '@codebuddy/db-core';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads a length of time.
 *
 * @returns milliseconds, at least 0
 * @throws InvalidInputError when it is negative, not finite, or has no known unit
 */
export function toMilliseconds(duration: Duration, field: string): number {
  const milliseconds = typeof duration === 'number' ? duration : parse(duration);
  if (!(milliseconds >= 0) || !Number.isFinite(milliseconds)) {
    throw new InvalidInputError(field, "expected milliseconds of at least 0, or a duration such as '30d'");
  }
  return milliseconds;
}

function parse(text: string): number {
  const match = typeof text !== 'string' ? null : /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text);
  return match === null ? Number.NaN : Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN);
}
