import type { Database, Redact, SetOptions } from '@codebuddy/db-core';
import { contextOf, type MonotonicClock } from '@codebuddy/db-core/internal';
import { toNewEntry } from './cache-rows.ts';
import type { CacheWriter } from './cache-writer.ts';
import { SingleFlight } from './single-flight.ts';

/** Computes values that are not cached: once for all callers of a connection, whichever repository they ask. */
export class ComputedValues {
  readonly #writer: CacheWriter;
  readonly #clock: MonotonicClock;
  readonly #redact: Redact | undefined;
  readonly #computing: SingleFlight;

  constructor(db: Database, writer: CacheWriter, clock: MonotonicClock, redact: Redact | undefined) {
    this.#writer = writer;
    this.#clock = clock;
    this.#redact = redact;
    this.#computing = contextOf(db).share(SingleFlight, SingleFlight, () => new SingleFlight());
  }

  /** Computes a value, and stores it without making the caller wait for that. */
  async compute(key: string, compute: () => unknown, options: SetOptions): Promise<unknown> {
    const entryOf = (value: unknown) => toNewEntry(key, value, options, this.#clock.now(), this.#redact);
    return this.#computing.run(
      key,
      async () => {
        // Options that make no sense are refused before anything is paid for.
        entryOf(null);
        return compute();
      },
      (value) => this.#writer.writeSoon(entryOf(value)),
    );
  }
}
