import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_SETBACK_MS, MonotonicClock } from '../src/clock.ts';
import { fakeClock } from '../src/testing/index.ts';

const YEAR = 365 * 86_400_000;
const jumps = fc.array(
  fc.oneof(
    fc.integer({ min: -10 * YEAR, max: 10 * YEAR }),
    fc.integer({ min: -MAX_SETBACK_MS, max: MAX_SETBACK_MS }),
    fc.constantFrom(-MAX_SETBACK_MS, -MAX_SETBACK_MS - 1, -1, 0, 1),
  ),
  { minLength: 1, maxLength: 20 },
);

describe('a clock that does not go back', () => {
  it('is never behind the given clock, and at most a day ahead of it, however that jumps', () => {
    fc.assert(
      fc.property(jumps, (steps) => {
        const given = fakeClock();
        const clock = new MonotonicClock(given);
        let last = clock.now();
        for (const step of steps) {
          given.advance(step);
          const now = clock.now();
          expect(now - given()).toBeGreaterThanOrEqual(0);
          expect(now - given()).toBeLessThanOrEqual(MAX_SETBACK_MS);
          // It goes back only if the given clock did, by more than a day.
          if (now < last) expect(last - given()).toBeGreaterThan(MAX_SETBACK_MS);
          last = now;
        }
      }),
    );
  });

  it('follows a date that was wrong once and is set right', () => {
    const given = fakeClock('2026-03-01T10:00:00.000Z');
    const clock = new MonotonicClock(given);
    given.set('2036-01-01T00:00:00.000Z');
    expect(clock.timestamp()).toBe('2036-01-01T00:00:00.000Z');
    given.set('2026-03-01T10:00:05.000Z');
    expect(clock.timestamp()).toBe('2026-03-01T10:00:05.000Z');
    given.advance(-3_600_000);
    expect(clock.timestamp()).toBe('2026-03-01T10:00:05.000Z');
  });
});
