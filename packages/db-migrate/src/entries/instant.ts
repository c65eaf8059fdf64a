import { hasErrorCode } from '@codebuddy/db-core';
import { formatTimestamp } from '@codebuddy/db-core/internal';

/**
 * Formats an instant as timestamps are stored, or returns `undefined` for one that they can't hold.
 *
 * @param milliseconds - since 1970-01-01 UTC
 */
export function formatInstant(milliseconds: number): string | undefined {
  try {
    return formatTimestamp(milliseconds);
  } catch (error) {
    if (hasErrorCode(error, 'DB_INVALID_INPUT')) return undefined;
    throw error;
  }
}
