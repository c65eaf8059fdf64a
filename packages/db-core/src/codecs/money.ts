import { InvalidInputError } from '../errors/index.ts';
import { requireNumber } from '../validation.ts';

const NANOS_PER_DOLLAR = 1e9;

/**
 * Turns US dollars into whole nano-dollars, as amounts are stored: whole numbers add up exactly, where a million
 * additions of 0.0001 as a floating-point number drift. One token of a $0.10-per-million model is 100 nano-dollars.
 *
 * @throws InvalidInputError when the amount is negative, not finite, or above 9,007,199 dollars
 */
export function toNanoDollars(dollars: number, field = 'cost'): number {
  const nanos = typeof dollars === 'number' ? Math.round(dollars * NANOS_PER_DOLLAR) : Number.NaN;
  if (!(nanos >= 0) || !Number.isSafeInteger(nanos)) {
    throw new InvalidInputError(field, 'expected an amount of US dollars from 0 to 9,007,199');
  }
  // The driver takes a negative zero for no integer.
  return nanos === 0 ? 0 : nanos;
}

/** Turns whole nano-dollars into US dollars. */
export function fromNanoDollars(nanos: number): number {
  return requireNumber(nanos, 'nanos') / NANOS_PER_DOLLAR;
}
