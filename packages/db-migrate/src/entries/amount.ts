import { hasErrorCode } from '@codebuddy/db-core';
import { fromNanoDollars, toNanoDollars } from '@codebuddy/db-core/internal';

/** Rounds an amount of US dollars as it is stored, or returns `undefined` for one that can't be. */
export function roundAmount(dollars: number): number | undefined {
  try {
    return fromNanoDollars(toNanoDollars(dollars));
  } catch (error) {
    if (hasErrorCode(error, 'DB_INVALID_INPUT')) return undefined;
    throw error;
  }
}
