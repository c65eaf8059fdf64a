import type { TypedEventEmitter } from '../events.ts';

/** The events of the manager. Each event also goes out under its bare name: `db:closed` as `closed`. */
export interface DatabaseEvents {
  /** The database is open and up to date. `snapshot` is whether a copy of it is read, see `readOnly`. */
  'db:initialized': { path: string; version: number; journalMode: string; snapshot: boolean };
  /**
   * A schema version was applied and committed: sent once for each version that a file lacked, and once for a new file, with the
   * version it is made with. `backupPath` is the copy of the file as it was before. `module` is the other module whose tables reached
   * the version.
   */
  'db:migration': { version: number; applied: boolean; backupPath?: string; module?: string };
  /** A step of a long migration: pages of the backup, or rows of a table. */
  'db:migration-progress': { version: number; step: string; done: number; total: number };
  /** Unused space was given back to the disk. */
  'db:vacuum': { sizeBefore: number; sizeAfter: number };
  /** A backup was written. */
  'db:backup': { path: string };
  /** The connection is about to close: the last moment to write what is held back. */
  'db:closing': { path: string };
  /** The connection is closed. */
  'db:closed': { path: string };
  /** All rows were deleted. */
  'db:cleared': { tables: readonly string[] };
  /** Something failed; the call throws the same error. */
  'db:error': { error: unknown };
  /** Something works less well than it should; the message says what to do. */
  'db:warning': { message: string };
}

/** The events of the manager under both of their names. */
export type DatabaseManagerEvents = DatabaseEvents & {
  [Name in keyof DatabaseEvents as Name extends `db:${infer Bare}` ? Bare : never]: DatabaseEvents[Name];
};

/** Emits an event of the manager under both of its names. */
export function announceUnderBothNames<Name extends keyof DatabaseEvents>(
  emitter: Pick<TypedEventEmitter<Record<string, unknown>>, 'emit'>,
  event: Name,
  payload: DatabaseEvents[Name],
): void {
  emitter.emit(event, payload);
  emitter.emit(event.slice('db:'.length), payload);
}
