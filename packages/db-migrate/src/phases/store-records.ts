import { hasErrorCode } from '@codebuddy/db-core';
import type { ImportOutcome } from '@codebuddy/db-core/internal';

/** What an import did with a record, or why it could not be stored. */
export type StoreOutcome = ImportOutcome | { readonly refused: string };

/**
 * Stores records in one transaction. If the database refuses one of them, each is stored in a transaction of its own, so that
 * the others are stored nevertheless.
 *
 * @param store - stores all or none; an error that is about none of the records, such as that of a full disk, is thrown on
 */
export function storeRecords<Value>(
  records: readonly Value[],
  store: (records: readonly Value[]) => ImportOutcome[],
): StoreOutcome[] {
  if (records.length === 0) return [];
  try {
    return store(records);
  } catch (error) {
    const refused = refusalOf(error);
    return records.length === 1 ? [{ refused }] : records.flatMap((each) => storeRecords([each], store));
  }
}

/** Returns why the database refused what it was to store. An error that is about anything else is thrown on. */
export function refusalOf(error: unknown): string {
  if (hasErrorCode(error, ...CODES_OF_RECORDS)) return error.message.replace(/\.$/, '');
  throw error;
}

const CODES_OF_RECORDS = ['DB_INVALID_INPUT', 'DB_CONSTRAINT', 'DB_CONFLICT', 'DB_TOO_LARGE'] as const;
