import type { Database, DatabaseManager } from '@codebuddy/db-core';

/** The process's one database, and a folder for the files of projects and imports. */
export interface Stage {
  readonly manager: DatabaseManager;
  readonly db: Database;
  readonly folder: string;
}

/** Makes one call. Its key stands in the rows that the call writes. */
export type MakeCall = (key: string) => unknown;

/** Finds keys in a database: a query whose first column they are, or a function. */
export type FindKeys = string | ((db: Database) => string[]);

/** A public call that writes, and the queries that find its rows. It is made once for each of many keys. */
export interface WritingCall {
  /** Stores the rows that the calls of these keys change or delete. */
  readonly prepare?: (stage: Stage, keys: readonly string[]) => unknown;
  /** Returns the function that makes one call. */
  readonly begin: (stage: Stage) => MakeCall | Promise<MakeCall>;
  /** Finds the key of a call once for each row that the call has stored or changed. */
  readonly stored?: FindKeys;
  /** Finds the key of a call once for each row that is there until the call deletes it. */
  readonly deleted?: FindKeys;
  /** The number of rows that one call stores or deletes. Default: 1. */
  readonly rows?: number;
  /** Whether the first call writes the rows of all keys. */
  readonly together?: boolean;
  /** Whether errors are those of the driver, whose statement or transaction the caller was given. */
  readonly ofDriver?: boolean;
  /** Whether a call is too slow to be made more than a few times. */
  readonly slow?: boolean;
}

/** The calls of a package by their names: those of a class as `Class.method`; a variant follows after a comma. */
export type WritingCalls = Readonly<Record<string, WritingCall>>;

/** Names the calls of a trial: `n0`, `n1` and so on. */
export function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `n${number}`);
}

/** Returns the number in a key. */
export function numberOf(key: string): number {
  return Number(key.slice(1));
}

/** A string that begins with a key and takes as much room as a paragraph. */
export function textOf(key: string): string {
  return `${key} ${'x'.repeat(1_000)}`;
}

/** The parts that one call writes several of: `n7/0`, `n7/1`, `n7/2`. */
export function partsOf(key: string): string[] {
  return [0, 1, 2].map((part) => `${key}/${part}`);
}

/** SQL for the key in front of a slash or a blank in a column. */
export function keyBefore(separator: '/' | ' ', column: string): string {
  return `substr(${column}, 1, instr(${column}, '${separator}') - 1)`;
}

/** The day, the given number of days after the first of 2026, as `YYYY-MM-DD`. */
export function dayOf(number: number): string {
  return new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);
}
