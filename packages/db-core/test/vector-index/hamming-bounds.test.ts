import { expect, it } from 'vitest';
import { cosinesByDistance } from '../../src/vector-index/hamming-bounds.ts';

const LOG_FACTORIALS = [0];
for (let n = 1; n <= 1_536; n++) LOG_FACTORIALS.push((LOG_FACTORIALS[n - 1] ?? 0) + Math.log(n));

/** The chance of so many successes or more. */
function chanceOfMore(successes: number, trials: number, chance: number): number {
  let sum = 0;
  for (let k = successes; k <= trials; k++) {
    const ways = (LOG_FACTORIALS[trials] ?? 0) - (LOG_FACTORIALS[k] ?? 0) - (LOG_FACTORIALS[trials - k] ?? 0);
    sum += Math.exp(ways + k * Math.log(chance) + (trials - k) * Math.log(1 - chance));
  }
  return sum;
}

it.each([
  [128, 2.5, 0.00621],
  [384, 3, 0.00135],
  [1_536, 4, 0.0000317],
])('keeps the chance of a wrong bound on %i bits at %d sigmas at %d at most', (bits, sigmas, expected) => {
  const cosines = cosinesByDistance(bits, sigmas);
  expect(cosines[0]).toBe(1);
  for (let distance = 1; distance <= bits; distance += 5) {
    const chance = Math.acos(cosines[distance] ?? 1) / Math.PI;
    if (chance > 0) expect(chanceOfMore(distance, bits, chance)).toBeLessThan(expected * 1.02);
    if (chance > 0.02) expect(chanceOfMore(distance, bits, chance)).toBeGreaterThan(expected * 0.5);
  }
});
