import { setTimeout as sleep } from 'node:timers/promises';

/** The number of tries that a call has, and the waits between them. */
export interface Retries {
  /** The number of times that a call is made again after a transient failure. Default: 3. */
  readonly maxRetries?: number | undefined;
  /** The wait before the first retry, in milliseconds; each further wait is twice as long. Default: 500. */
  readonly retryDelayMs?: number | undefined;
}

/** A failure of a call. */
export interface Failure {
  /** Whether another try may succeed. */
  readonly isTransient: boolean;
  /** The wait that the server asks for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Returns the error that the caller gets after so many tries. */
  asFinal(attempts: number): unknown;
}

const MAX_WAIT_MS = 60_000;

/** Makes a call again for as long as its failures are transient. */
export async function withRetries<Result>(
  call: () => Promise<Result>,
  toFailure: (error: unknown) => Failure,
  { maxRetries = 3, retryDelayMs = 500 }: Retries,
  signal: AbortSignal | undefined,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      signal?.throwIfAborted();
      const failure = toFailure(error);
      if (!failure.isTransient || attempt >= maxRetries) throw failure.asFinal(attempt + 1);
      // Jitter: many clients that failed together don't come back together.
      const backoff = retryDelayMs * 2 ** attempt * (0.5 + Math.random() / 2);
      const wait = Math.min(failure.retryAfterMs ?? backoff, MAX_WAIT_MS);
      await sleep(wait, undefined, signal === undefined ? {} : { signal });
    }
  }
}
