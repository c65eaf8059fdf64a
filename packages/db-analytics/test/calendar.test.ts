import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, Calendar, startOfMonth, startOfWeek } from '../src/calendar.ts';

describe('days', () => {
  it('are those of the time zone', () => {
    const instant = Date.parse('2025-12-31T23:30:00Z');
    expect(new Calendar('UTC').dayOf(instant)).toBe('2025-12-31');
    expect(new Calendar('Europe/Paris').dayOf(instant)).toBe('2026-01-01');
    expect(new Calendar('America/Los_Angeles').dayOf(instant)).toBe('2025-12-31');
    expect(new Calendar('Pacific/Kiritimati').dayOf(instant)).toBe('2026-01-01');
    expect(() => new Calendar('Mars/Olympus')).toThrow(/Invalid timeZone/);
  });

  it('may have 23 or 25 hours', () => {
    const paris = new Calendar('Europe/Paris');
    const hours = (from: string, count: number) =>
      Array.from({ length: count }, (_, i) => paris.dayOf(Date.parse(from) + i * 3_600_000));
    expect(hours('2026-03-28T23:00:00Z', 24).filter((day) => day === '2026-03-29')).toHaveLength(23);
    expect(hours('2026-10-24T22:00:00Z', 26).filter((day) => day === '2026-10-25')).toHaveLength(25);
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
    expect(addDays('2026-10-25', 1)).toBe('2026-10-26');
  });

  it('lie in weeks that start on Monday, over the ends of years', () => {
    expect(['2026-01-01', '2026-01-04', '2026-01-05'].map(startOfWeek)).toEqual([
      '2025-12-29',
      '2025-12-29',
      '2026-01-05',
    ]);
    expect(startOfMonth('2024-02-29')).toBe('2024-02-01');
    expect(addDays('2024-12-31', 1)).toBe('2025-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('count forth and back', () => {
    const days = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(days, (n) => {
        expect(addDays(addDays('2026-01-01', n), -n)).toBe('2026-01-01');
        const monday = startOfWeek(addDays('2026-01-01', n));
        expect(new Date(monday).getUTCDay()).toBe(1);
        expect(startOfWeek(monday)).toBe(monday);
      }),
    );
  });
});
