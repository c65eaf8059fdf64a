/** Tells the time: milliseconds since 1970-01-01 UTC. Tests give one that stands still. */
export type Clock = () => number;

/** The clock of the system. */
export const systemClock: Clock = () => Date.now();

/** Makes ids for new records. Tests give one that counts. */
export type IdGenerator = () => string;

/** Random ids: UUID version 4. */
export const randomId: IdGenerator = () => crypto.randomUUID();

/** What every repository can be given instead of the system's own. */
export interface RepositoryOptions {
  readonly clock?: Clock;
  readonly generateId?: IdGenerator;
}
