import { formatTimestamp } from './codecs/timestamps.ts';
import { requireFunction } from './validation.ts';

/** Returns the time: milliseconds since 1970-01-01 UTC. Tests give one that stands still. */
export type Clock = () => number;

/** The clock of the system. */
export const systemClock: Clock = () => Date.now();

/** A clock that is set back by more was wrong before, in milliseconds: a day. */
export const MAX_SETBACK_MS = 86_400_000;

/**
 * A clock that does not go back by less than a day: one that is set back must not bring to life what had expired, nor put
 * what comes later before what came earlier. It follows a larger setback. A machine that wakes with a wrong date and is
 * set right would otherwise live in the future until its processes end.
 */
export class MonotonicClock {
  readonly #clock: Clock;
  #latest = Number.NEGATIVE_INFINITY;
  #formatted = Number.NaN;
  #timestamp = '';

  constructor(clock: Clock = systemClock) {
    this.#clock = requireFunction(clock, 'clock');
  }

  /**
   * Returns the present instant, or a later one that was seen before: milliseconds since 1970-01-01 UTC. It is at most
   * {@link MAX_SETBACK_MS} ahead of the clock.
   */
  now(): number {
    const now = this.#clock();
    if (now > this.#latest || this.#latest - now > MAX_SETBACK_MS) this.#latest = now;
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
