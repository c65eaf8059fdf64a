import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../connection/driver.ts';
import { readPragma } from '../connection/pragmas.ts';
import { withoutWaiting } from '../connection/without-waiting.ts';
import { DatabaseError, toDatabaseError } from '../errors/index.ts';

const PAUSE_MS = 50;

/** A write that nobody should wait for, since its caller has what it came for. */
export interface PendingWrite {
  readonly db: Database;
  /** The name of the call, for errors. */
  readonly operation: string;
  /** Makes the write; it is called until it succeeds. */
  write(): void;
  /** Told why the write was given up. */
  giveUp(reason: string): void;
}

/**
 * Makes a write at once if that needs no waiting, before the call returns. Otherwise it is tried again while the process does
 * other work, and given up after the connection's busy timeout, or at once if storage refuses for another reason.
 */
export async function writeSoon({ db, operation, write, giveUp }: PendingWrite): Promise<void> {
  const deadline = performance.now() + readPragma(db, 'busy_timeout');
  for (;;) {
    try {
      withoutWaiting(db, write);
      return;
    } catch (cause) {
      const error = toDatabaseError(cause, operation);
      if (!DatabaseError.isInstance(error) || error.code === 'DB_INVALID_INPUT') throw error;
      if (error.code !== 'DB_BUSY' || performance.now() >= deadline) return giveUp(error.message);
    }
    await sleep(PAUSE_MS);
  }
}
