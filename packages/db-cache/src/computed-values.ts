import type { Database, Redact, SetOptions } from '@codebuddy/db-core';
import { contextOf, type MonotonicClock } from '@codebuddy/db-core/internal';
import { toNewEntry } from './cache-rows.ts';
import type { CacheWriter } from './cache-writer.ts';
import { Leases } from './leases.ts';
import { SingleFlight } from './single-flight.ts';
import type { CacheStatements } from './statements.ts';

/**
 * Computes values that are not cached: once for all callers of a connection, whichever repository they ask. A value whose key
 * was invalidated meanwhile is not stored, nor shared with later callers.
 */
export class ComputedValues {
  readonly #writer: CacheWriter;
  readonly #clock: MonotonicClock;
  readonly #redact: Redact | undefined;
  readonly #leases: Leases;
  readonly #computing: SingleFlight;

  constructor(
    db: Database,
    statements: CacheStatements,
    writer: CacheWriter,
    clock: MonotonicClock,
    redact: Redact | undefined,
  ) {
    this.#writer = writer;
    this.#clock = clock;
    this.#redact = redact;
    this.#leases = new Leases(db, statements);
    this.#computing = contextOf(db).share(SingleFlight, SingleFlight, () => new SingleFlight());
  }

  /** Computes a value, and stores it without making the caller wait for that. */
  async compute(key: string, compute: () => unknown, options: SetOptions): Promise<unknown> {
    const entryOf = (value: unknown) => toNewEntry(key, value, options, this.#clock.now(), this.#redact);
    // Options that make no sense are refused before anything is paid for.
    const lease = this.#leases.acquire(entryOf(null));
    const computation = this.#computing.run(
      lease.id,
      async () => compute(),
      (value) => this.#writer.writeSoon(entryOf(value), () => this.#leases.holds(lease)),
    );
    computation.catch(() => this.#leases.release(lease));
    return computation;
  }
}
