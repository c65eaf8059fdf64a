import type { FakeClock } from '@codebuddy/db-core/testing';

/** A value, or the promise of one: a suite that awaits everything serves synchronous and asynchronous engines alike. */
export type Awaitable<Value> = Value | Promise<Value>;

/** What a contract suite needs to test one store: made anew for each test. */
export interface StoreHarness<Store> {
  readonly store: Store;
  readonly clock: FakeClock;
  /** Closes the database and removes what it left. */
  close(): Awaitable<void>;
}
