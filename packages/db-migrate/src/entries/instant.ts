import { hasErrorCode } from '@codebuddy/db-core';
import { formatTimestamp, normalizeTimestamp } from '@codebuddy/db-core/internal';

/**
 * Reads an instant, and formats it as timestamps are stored.
 *
 * @param value - a text, or milliseconds since 1970-01-01 UTC
 * @returns `undefined` for what is no instant, or one that timestamps can't hold
 */
export function readInstant(value: unknown): string | undefined {
  try {
    if (typeof value === 'number') return formatTimestamp(value);
    return typeof value === 'string' ? normalizeTimestamp(value) : undefined;
  } catch (error) {
    if (hasErrorCode(error, 'DB_INVALID_INPUT')) return undefined;
    throw error;
  }
}
