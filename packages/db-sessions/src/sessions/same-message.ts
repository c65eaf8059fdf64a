import { isDeepStrictEqual } from 'node:util';
import { decodeJson, type Row, type SqlParameters, type SqlValue } from '@codebuddy/db-core/internal';

/** The columns that hold what a message says, as against when it was stored. */
export const SAID_COLUMNS = ['role', 'content', 'tool_calls', 'tool_call_id', 'tokens', 'metadata'] as const;

/** The columns that an import brings along. */
export const IMPORTED_COLUMNS = [...SAID_COLUMNS, 'created_at'] as const;

/** Compares a stored message with the values of the columns of another one. */
export function isSameMessage(
  stored: Row,
  given: SqlParameters,
  columns: readonly (typeof IMPORTED_COLUMNS)[number][],
): boolean {
  return columns.every((column) => isSame(column, stored[column] ?? null, given[column] ?? null));
}

function isSame(column: string, stored: Row[string], given: SqlValue): boolean {
  if (stored === given) return true;
  const isJson = column === 'tool_calls' || column === 'metadata';
  if (!isJson || typeof stored !== 'string' || typeof given !== 'string') return false;
  // The same value may have its properties in another order.
  return isDeepStrictEqual(decodeJson(stored), decodeJson(given));
}
