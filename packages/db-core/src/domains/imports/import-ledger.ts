import { type Clock, MonotonicClock } from '../../clock.ts';
import type { Database } from '../../connection/driver.ts';
import { readRecord } from '../../known-names/known-names.ts';
import { type ConnectionContext, contextOf } from '../../sql/connection-context.ts';
import type { PreparedStatement } from '../../sql/prepared-statement.ts';
import { requireArray, requireInteger, requireNumber, requirePath } from '../../validation.ts';

/** A legacy file as it was when it was imported. */
export interface ImportedFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modifiedMs: number;
  /** The number of its entries. */
  readonly entries: number;
  /** The number of entries that could not be imported. */
  readonly failed: number;
}

const IDENTITY_NAMES = { path: true, size: true, modifiedMs: true } as const;
const FILE_NAMES = { ...IDENTITY_NAMES, entries: true, failed: true } as const;

/** Remembers which legacy files were imported, so that one which has not changed since is not read again. */
export class ImportLedger {
  readonly #isKnown: PreparedStatement;
  readonly #record: PreparedStatement;
  readonly #context: ConnectionContext;
  readonly #clock: MonotonicClock;

  constructor(db: Database, clock?: Clock) {
    this.#clock = new MonotonicClock(clock);
    this.#context = contextOf(db);
    this.#isKnown = this.#context.prepare(
      'SELECT 1 FROM imported_files WHERE path = @path AND size = @size AND modified_ms = @modifiedMs',
      'ledger.isUnchanged',
    );
    this.#record = this.#context.prepare(
      `INSERT INTO imported_files (path, size, modified_ms, entries, failed, imported_at)
       VALUES (@path, @size, @modifiedMs, @entries, @failed, @now)
       ON CONFLICT (path) DO UPDATE SET size = excluded.size, modified_ms = excluded.modified_ms,
         entries = excluded.entries, failed = excluded.failed, imported_at = excluded.imported_at`,
      'ledger.record',
    );
  }

  /** Returns whether a file was imported and has the same size and time of change since. */
  isUnchanged(file: Pick<ImportedFile, 'path' | 'size' | 'modifiedMs'>): boolean {
    const { path, size, modifiedMs } = readRecord(file, IDENTITY_NAMES, { entries: true, failed: true }, 'file');
    return this.#isKnown.get({ path, size, modifiedMs }) !== undefined;
  }

  /** Remembers that a file was imported as it is now. */
  record(file: ImportedFile): void {
    this.recordAll([file]);
  }

  /** Remembers that files were imported as they are now: all of them, or, if it throws, none. */
  recordAll(files: readonly ImportedFile[]): void {
    const now = this.#clock.timestamp();
    const rows = requireArray(files, 'files').map((file) => ({ ...toRow(file), now }));
    // The files may be renamed next: after a power cut none must be renamed and yet unknown.
    if (rows.length > 0)
      this.#context.durableTransaction('ledger.record', () => {
        for (const row of rows) this.#record.run(row);
      });
  }
}

function toRow(file: ImportedFile) {
  const { path, size, modifiedMs, entries, failed } = readRecord(file, FILE_NAMES, {}, 'file');
  return {
    path: requirePath(path, 'path'),
    size: requireInteger(size, 'size', { min: 0 }),
    modifiedMs: requireNumber(modifiedMs, 'modifiedMs'),
    entries: requireInteger(entries, 'entries', { min: 0 }),
    failed: requireInteger(failed, 'failed', { min: 0 }),
  };
}
