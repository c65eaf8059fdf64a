import type { Database, RunResult } from './driver.ts';

/** A column of a statement's rows. */
export interface Column {
  name: string;
  column: string | null;
  table: string | null;
  database: string | null;
  type: string | null;
}

/** A statement of the driver, as its own types have it. Rows are the caller's word. */
export interface Statement<Parameters extends unknown[] = unknown[], Result = unknown> {
  readonly database: Connection;
  readonly source: string;
  readonly reader: boolean;
  readonly readonly: boolean;
  readonly busy: boolean;
  run(...parameters: Parameters): RunResult;
  get(...parameters: Parameters): Result | undefined;
  all(...parameters: Parameters): Result[];
  iterate(...parameters: Parameters): IterableIterator<Result>;
  pluck(toggle?: boolean): this;
  expand(toggle?: boolean): this;
  raw(toggle?: boolean): this;
  bind(...parameters: Parameters): this;
  columns(): Column[];
  safeIntegers(toggle?: boolean): this;
}

type AnyFunction = (...parameters: never[]) => unknown;
type ArgumentsOf<Body extends AnyFunction> = Body extends (...args: infer Arguments) => unknown ? Arguments : never;

/** A function that runs inside a transaction; `immediate` takes the write lock at its start. */
export interface ConnectionTransaction<Body extends AnyFunction> {
  (...parameters: ArgumentsOf<Body>): ReturnType<Body>;
  default(...parameters: ArgumentsOf<Body>): ReturnType<Body>;
  deferred(...parameters: ArgumentsOf<Body>): ReturnType<Body>;
  immediate(...parameters: ArgumentsOf<Body>): ReturnType<Body>;
  exclusive(...parameters: ArgumentsOf<Body>): ReturnType<Body>;
}

type ElementOf<List> = List extends (infer Element)[] ? Element : List;

/** The options of an SQL function. */
export interface FunctionOptions {
  readonly varargs?: boolean | undefined;
  readonly deterministic?: boolean | undefined;
  readonly safeIntegers?: boolean | undefined;
  readonly directOnly?: boolean | undefined;
}

/** The options of an SQL aggregate function. */
export interface AggregateOptions<Total> extends FunctionOptions {
  readonly start?: Total | (() => Total);
  readonly step: (total: Total, next: ElementOf<Total>) => unknown;
  readonly inverse?: ((total: Total, dropped: Total) => Total) | undefined;
  readonly result?: ((total: Total) => unknown) | undefined;
}

/** The options of a virtual table. */
export interface VirtualTableOptions {
  readonly rows: (...parameters: unknown[]) => Generator;
  readonly columns: string[];
  readonly parameters?: string[] | undefined;
  readonly safeIntegers?: boolean | undefined;
  readonly directOnly?: boolean | undefined;
}

/**
 * A connection of better-sqlite3, as its own types have it: it can be passed on where they are asked for, whether or not they are
 * installed.
 */
export interface Connection extends Database {
  prepare<Parameters = unknown[], Result = unknown>(
    source: string,
  ): Parameters extends unknown[] ? Statement<Parameters, Result> : Statement<[Parameters], Result>;
  transaction<Body extends AnyFunction>(body: Body): ConnectionTransaction<Body>;
  exec(source: string): this;
  function(name: string, body: (...values: never[]) => unknown): this;
  function(name: string, options: FunctionOptions, body: (...values: never[]) => unknown): this;
  aggregate<Total>(name: string, options: AggregateOptions<Total>): this;
  table(name: string, options: VirtualTableOptions): this;
  loadExtension(path: string): this;
  defaultSafeIntegers(toggle?: boolean): this;
  unsafeMode(unsafe?: boolean): this;
  serialize(options?: { attached?: string }): Buffer;
  close(): this;
}
