import { BusyError, MigrationFailedError, toDatabaseError } from '../errors/index.ts';

/**
 * Returns the error of a migration that was rolled back. If another connection kept it from its lock, nothing is wrong with the
 * migration: the same call may succeed later.
 *
 * @param what - the file or the module that was to be brought to a version
 */
export function migrationFailure(what: string, version: number, error: unknown, operation: string): unknown {
  const cause = toDatabaseError(error, operation);
  return BusyError.isInstance(cause) ? cause : new MigrationFailedError(what, version, cause);
}
