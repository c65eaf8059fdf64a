import type { Database } from '../connection/driver.ts';

/** The events that an acknowledged write can be made to survive. */
export const DURABILITIES = ['process', 'power'] as const;

/**
 * The events that an acknowledged write survives: the end of the process (`process`), or also a power cut (`power`).
 */
export type Durability = (typeof DURABILITIES)[number];

/** SQLite's word for each, https://www.sqlite.org/pragma.html#pragma_synchronous. */
const SYNCHRONOUS: Readonly<Record<Durability, string>> = { process: 'NORMAL', power: 'FULL' };

/**
 * Sets what the writes of a connection survive. In WAL mode a power cut damages no file either way; with `process` it may
 * take the last transactions along, which a journal of conversations can bear for writes that are several times faster.
 */
export function setDurability(db: Database, durability: Durability): void {
  db.pragma(`synchronous = ${SYNCHRONOUS[durability]}`);
}

/** Makes the writes of a call survive a power cut, whatever those of its connection do. A transaction must not be open. */
export function withPowerDurability<Result>(db: Database, call: () => Result): Result {
  const before = Number(db.pragma('synchronous', { simple: true }));
  setDurability(db, 'power');
  try {
    return call();
  } finally {
    db.pragma(`synchronous = ${before}`);
  }
}
