/** A value that can be bound to a statement. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** The result of a write. */
export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/** The part of a better-sqlite3 statement that these packages use. Rows are `unknown` until they are parsed. */
export interface DriverStatement {
  readonly reader: boolean;
  readonly readonly: boolean;
  run(...parameters: unknown[]): RunResult;
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
  iterate(...parameters: unknown[]): IterableIterator<unknown>;
  columns(): { readonly name: string }[];
  raw(toggle?: boolean): DriverStatement;
  /** Reads integers as bigint, which holds all of SQLite's. */
  safeIntegers(toggle?: boolean): DriverStatement;
}

/** A function that runs inside a transaction; `immediate` takes the write lock at its start. */
export interface DriverTransaction<Arguments extends unknown[], Result> {
  (...parameters: Arguments): Result;
  readonly immediate: (...parameters: Arguments) => Result;
  readonly deferred?: (...parameters: Arguments) => Result;
  readonly exclusive?: (...parameters: Arguments) => Result;
}

/** The progress of an online backup, in database pages. */
export interface BackupProgress {
  readonly totalPages: number;
  readonly remainingPages: number;
}

/**
 * The part of a better-sqlite3 connection that these packages use. It is structural: a connection opened with
 * better-sqlite3 by the caller fits, and so would another driver with these calls.
 */
export interface Database {
  readonly name: string;
  readonly open: boolean;
  readonly inTransaction: boolean;
  readonly memory: boolean;
  readonly readonly: boolean;
  prepare(sql: string): DriverStatement;
  exec(sql: string): unknown;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  transaction<Arguments extends unknown[], Result>(
    body: (...parameters: Arguments) => Result,
  ): DriverTransaction<Arguments, Result>;
  function(name: string, options: { deterministic: boolean }, body: (...values: unknown[]) => unknown): unknown;
  backup(destination: string, options?: { progress: (progress: BackupProgress) => number }): Promise<BackupProgress>;
  serialize(): Uint8Array;
  /** Lets statements write what the driver protects, such as `sqlite_schema`. Drivers that protect nothing have none. */
  unsafeMode?(unsafe: boolean): unknown;
  close(): unknown;
}
