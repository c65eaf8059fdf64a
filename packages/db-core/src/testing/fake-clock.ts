import type { Clock } from '../clock.ts';
import type { IdGenerator } from '../repository-options.ts';

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Moves the clock forward, or back if the number is negative. */
  advance(milliseconds: number): void;
  /** Sets the clock to an instant. */
  set(instant: string): void;
}

/** Makes a clock that stands still at an instant. */
export function fakeClock(start = '2026-01-01T00:00:00.000Z'): FakeClock {
  let now = Date.parse(start);
  return Object.assign(() => now, {
    advance(milliseconds: number) {
      now += milliseconds;
    },
    set(instant: string) {
      now = Date.parse(instant);
    },
  });
}

/** Makes ids that count: `id-1`, `id-2`, ... */
export function countingIds(prefix = 'id'): IdGenerator {
  let count = 0;
  return () => `${prefix}-${++count}`;
}
