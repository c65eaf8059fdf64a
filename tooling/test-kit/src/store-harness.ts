import type { Async } from '@codebuddy/db-core';
import type { FakeClock } from '@codebuddy/db-core/testing';

/** A store in either form: a suite that awaits everything serves synchronous and asynchronous engines alike. */
export type Either<Store> = Store | Async<Store>;

/** What a contract suite needs to test one store: made anew for each test. */
export interface StoreHarness<Store> {
  readonly store: Store;
  readonly clock: FakeClock;
  /** Closes the database and removes what it left. */
  close(): void | Promise<void>;
}
