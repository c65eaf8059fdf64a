import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../connection/driver.ts';
import { BusyError, hasErrorCode, toDatabaseError } from '../errors/index.ts';

const PAUSE_MS = 50;

/**
 * Begins a transaction that holds the write lock. Another process that upgrades the same file may hold it for longer
 * than the busy timeout, so this waits on, without blocking the process between tries.
 *
 * @param timeoutMs - how long to wait in all
 * @throws BusyError when the lock could not be had in that time
 */
export async function beginImmediate(db: Database, timeoutMs: number): Promise<void> {
  await retryWhileBusy(() => db.exec('BEGIN IMMEDIATE'), timeoutMs);
}

/** Makes a call again and again while another process is in its way. */
export async function retryWhileBusy<Result>(call: () => Result, timeoutMs: number): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return call();
    } catch (cause) {
      const error = toDatabaseError(cause, 'schema.upgrade');
      if (!hasErrorCode(error, 'DB_BUSY')) throw error;
      if (performance.now() >= deadline) {
        throw new BusyError(
          `Another process has been upgrading the database for more than ${timeoutMs} ms. Wait for it and try again.`,
          { cause: error },
        );
      }
    }
    await sleep(PAUSE_MS);
  }
}
