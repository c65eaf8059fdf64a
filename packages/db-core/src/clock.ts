import { formatTimestamp } from './codecs/timestamps.ts';
import { requireFunction } from './validation.ts';

/** Tells the time: milliseconds since 1970-01-01 UTC. Tests give one that stands still. */
export type Clock = () => number;

/** The clock of the system. */
export const systemClock: Clock = () => Date.now();

/**
 * A clock that never goes back: one that is set back must not bring to life what had expired, nor put what comes later
 * before what came earlier.
 */
export class MonotonicClock {
  readonly #clock: Clock;
  #latest = Number.NEGATIVE_INFINITY;
  #formatted = Number.NaN;
  #timestamp = '';

  constructor(clock: Clock = systemClock) {
    this.#clock = requireFunction(clock, 'clock');
  }

  /** Returns the present instant, or the latest that was seen: milliseconds since 1970-01-01 UTC. */
  now(): number {
    const now = this.#clock();
    if (now > this.#latest) this.#latest = now;
    return this.#latest;
  }

  /**
   * Returns {@link now} as timestamps are stored.
   *
   * @throws InvalidInputError when the clock is out of range
   */
  timestamp(): string {
    return this.timestampOf(this.now());
  }

  /**
   * Returns an instant as timestamps are stored. Many calls come in one millisecond: its text is made once.
   *
   * @param instant - milliseconds since 1970-01-01 UTC
   * @throws InvalidInputError when it is out of range
   */
  timestampOf(instant: number): string {
    if (instant !== this.#formatted) {
      this.#timestamp = formatTimestamp(instant);
      this.#formatted = instant;
    }
    return this.#timestamp;
  }
}
