import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { connect } from '../connection/connect.ts';
import type { Database } from '../connection/driver.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { CorruptError, hasSystemCode, InvalidInputError, toDatabaseError } from '../errors/index.ts';
import { MIGRATIONS } from '../schema/schema.ts';
import { contextOf } from '../sql/connection-context.ts';
import { requirePath } from '../validation.ts';
import { DamagedDatabase } from './damaged-database.ts';
import type { Damage } from './file-format/tree-reader.ts';
import { makeConsistent } from './make-consistent.ts';
import { settle } from './settled-file.ts';
import { TableCopier } from './table-copier.ts';

/** The rows of one table that were saved. */
export interface SalvagedTable {
  readonly table: string;
  readonly recovered: number;
  /** Rows that were read and that the new table refused, or that belong to a row which is lost. */
  readonly refused: number;
  /** Why rows are missing; absent if all could be read. */
  readonly problem?: string;
}

/** A report of what was saved and what was lost. */
export interface SalvageReport {
  readonly path: string;
  /** Whether every table could be read to its end, and every row was taken. */
  readonly complete: boolean;
  readonly tables: readonly SalvagedTable[];
  /** The problems of the file as a whole; empty if its tables could be found. */
  readonly problems: readonly string[];
}

/**
 * Copies what can still be read of a damaged database into a new file, which `DatabaseManager` opens as any other. The
 * damaged file stays as it is. What is derived from the rows, full text, vector index and counters, is made anew.
 *
 * The file is read page by page (https://www.sqlite.org/fileformat2.html): a row is lost if a page that it lies on is damaged.
 * Rows whose own pages are sound, but a page above them is not, are given to the damaged table that they fit; they are left out
 * if they fit several, or if the list of free pages is damaged as well, since deleted rows could not be told from them. If
 * the schema itself is damaged, the tables of these packages are made anew and filled in the same way.
 *
 * @param damaged - the path of the damaged file; its `-wal` is read if it is beside it
 * @param path - where the new file goes
 * @throws InvalidInputError when there is a file at the new path
 *
 * @example
 * ```ts
 * const damaged = quarantine('agent.db');
 * const { complete, tables } = salvageDatabase(damaged, 'agent.db');
 * ```
 */
export function salvageDatabase(damaged: string, path: string): SalvageReport {
  const file = resolve(requirePath(damaged, 'damaged'));
  requirePath(path, 'path');
  if (existsSync(path)) throw takenError();
  using unfinished = new UnfinishedFile(resolve(path));
  try {
    unfinished.create();
    const report = salvageInto(file, unfinished.path);
    unfinished.publish();
    return { ...report, path };
  } catch (error) {
    throw hasSystemCode(error, 'EEXIST') ? takenError() : toDatabaseError(error, 'recovery.salvage');
  }
}

function takenError(): InvalidInputError {
  return new InvalidInputError('path', 'expected a path without a file');
}

function salvageInto(file: string, path: string): Omit<SalvageReport, 'path'> {
  using settled = settle(file, path);
  const target = connect(path);
  try {
    target.pragma('foreign_keys = OFF');
    target.pragma('page_size = 8192');
    using source = new DamagedDatabase(settled.path);
    return contextOf(target).transaction('recovery.salvage', () => copyAll(source, target));
  } catch (error) {
    if (!CorruptError.isInstance(error)) throw error;
    return { complete: false, tables: [], problems: [error.message] };
  } finally {
    target.close();
  }
}

function copyAll(source: DamagedDatabase, target: Database): Omit<SalvageReport, 'path'> {
  const { schema } = source;
  const problems = schema.tables.length === 0 ? ['The damaged file holds no tables. Restore it from a backup.'] : [];
  if (source.filledInFrom !== undefined) problems.push(LOST_DEFINITIONS);
  for (const { sql } of schema.tables) target.exec(sql);
  // Before the rows, so that a row which breaks a unique rule is refused alone.
  for (const sql of schema.indexes) target.exec(sql);
  const copied = new Map(
    schema.tables.map((table) => {
      const copier = new TableCopier(target, table);
      const damage = source.readTable(table.name, (row) => copier.insert(row));
      return [table.name, { copier, damage }];
    }),
  );
  copySequences(source, target);
  source.readLostRows(
    (table, row) => copied.get(table)?.copier.insert(row),
    (problem) => problems.push(problem),
  );
  if (source.filledInFrom !== undefined) noteVersions(target, source.filledInFrom);
  for (const sql of schema.others) target.exec(sql);
  const lost = makeConsistent(target);
  target.pragma(`application_id = ${source.applicationId}`);
  const tables = [...copied].map(([table, { copier, damage }]) => report(table, copier, damage, lost.get(table) ?? 0));
  const complete =
    problems.length === 0 && tables.every(({ problem, refused }) => problem === undefined && refused === 0);
  return { complete, tables, problems };
}

const LOST_DEFINITIONS =
  'Pages that say which tables there are are damaged. Ours were made anew; tables, indexes and triggers of others are missing.';

function report(table: string, { recovered, refused }: TableCopier, damage: Damage, orphans: number): SalvagedTable {
  const { holes, brokenRows } = damage;
  const parts = [
    ...(holes.length > 0 ? [`${holes.length} of its pages are damaged`] : []),
    ...(brokenRows > 0 ? [`${brokenRows} of its rows are damaged`] : []),
  ];
  const counts = { table, recovered: recovered - orphans, refused: refused + orphans };
  return parts.length === 0 ? counts : { ...counts, problem: parts.join(', ') };
}

/** The definitions that were filled in are of this version, whatever rows say it. */
function noteVersions(target: Database, version: number): void {
  const note = target.prepare('INSERT OR IGNORE INTO schema_version (version) VALUES (?)');
  for (const applied of Object.keys(MIGRATIONS).map(Number)) if (applied <= version) note.run(applied);
}

/** Ids that were given out once are not given out again, also those whose rows are gone. */
function copySequences(source: DamagedDatabase, target: Database): void {
  const raise = 'UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?';
  const add = 'INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)';
  const names = new Set(source.schema.tables.map(({ name }) => name));
  source.readTable('sqlite_sequence', ({ values: [name, seq] }) => {
    if (typeof name !== 'string' || !names.has(name)) return;
    if (target.prepare(raise).run(seq, name).changes === 0) target.prepare(add).run(seq, name);
  });
}
