import { type Clock, MonotonicClock } from './clock.ts';
import type { Database } from './connection/driver.ts';
import { type NamesOf, readOptions } from './known-names/known-names.ts';
import { contextOf } from './sql/connection-context.ts';
import { requireFunction } from './validation.ts';

/** Makes ids for new records. Tests give one that counts. */
export type IdGenerator = () => string;

/** Random ids: UUID version 4. */
export const randomId: IdGenerator = () => crypto.randomUUID();

/** The options of every repository. */
export interface RepositoryOptions {
  /** Default: the clock of the connection. */
  readonly clock?: Clock | null | undefined;
  /** Default: {@link randomId}. */
  readonly generateId?: IdGenerator | null | undefined;
}

/** The names of {@link RepositoryOptions}. */
export const REPOSITORY_NAMES: NamesOf<RepositoryOptions> = { clock: true, generateId: true };

/** Decides what a repository of a connection was not given. */
export function resolveRepositoryOptions(
  options: RepositoryOptions,
  db: Database,
): { readonly clock: MonotonicClock; readonly generateId: IdGenerator } {
  const { clock, generateId = randomId } = readOptions(options, REPOSITORY_NAMES);
  return {
    clock: clock === undefined ? contextOf(db).clock : new MonotonicClock(clock),
    generateId: requireFunction(generateId, 'generateId'),
  };
}
