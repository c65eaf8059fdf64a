import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { connect } from '../connection/connect.ts';
import { copyDatabaseFiles } from '../connection/database-file.ts';
import type { Database } from '../connection/driver.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { hasSystemCode, InvalidInputError, toDatabaseError } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';
import { contextOf } from '../sql/connection-context.ts';
import { quoted } from '../sql/quoted.ts';
import { requirePath } from '../validation.ts';
import { readDamagedTable, readWithoutRowid } from './damaged-table.ts';
import { makeConsistent } from './make-consistent.ts';
import { readSchema, type StoredSchema } from './stored-schema.ts';

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

function salvageInto(file: string, path: string): Omit<SalvageReport, 'path'> {
  const source = openSource(file, path);
  try {
    const target = connect(path);
    try {
      return salvage(source.db, target);
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

function takenError(): InvalidInputError {
  return new InvalidInputError('path', 'expected a path without a file');
}

/** A connection that the rows are read from. */
interface Source {
  readonly db: Database;
  close(): void;
}

/**
 * Opens the damaged file, which stays as it is. A rollback journal beside it holds what an interrupted transaction has
 * overwritten: it is rolled back in a copy, since SQLite does that by writing.
 */
function openSource(file: string, path: string): Source {
  if (!existsSync(`${file}-journal`)) {
    const hadLog = existsSync(`${file}-wal`);
    const db = connect(file, { readonly: true });
    const close = () => {
      db.close();
      // A connection that only reads makes them, and can't remove them.
      if (!hadLog) for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    };
    return { db, close };
  }
  const copy = new UnfinishedFile(`${path}.rolled-back`);
  try {
    copyDatabaseFiles(file, copy.path);
    const db = openRolledBack(copy.path);
    const close = () => {
      db.close();
      copy[Symbol.dispose]();
    };
    return { db, close };
  } catch (error) {
    copy[Symbol.dispose]();
    throw error;
  }
}

/** Reading rolls the journal back. If that fails, the file is read as the interrupted transaction left it. */
function openRolledBack(file: string): Database {
  const db = connect(file);
  try {
    db.pragma('schema_version');
    return db;
  } catch (error) {
    db.close();
    if (!isError(toDatabaseError(error, 'recovery.salvage'))) throw error;
    rmSync(`${file}-journal`, { force: true });
    return connect(file, { readonly: true });
  }
}

function salvage(source: Database, target: Database): Omit<SalvageReport, 'path'> {
  let schema: StoredSchema;
  try {
    schema = readSchema(source);
  } catch (error) {
    const typed = toDatabaseError(error, 'recovery.salvage');
    if (!isError(typed)) throw error;
    return { complete: false, tables: [], problems: [typed.message] };
  }
  target.pragma('foreign_keys = OFF');
  target.pragma('page_size = 8192');
  const tables = contextOf(target).transaction('recovery.salvage', () => {
    for (const { sql } of schema.tables) target.exec(sql);
    // Before the rows, so that a row which breaks a unique rule is refused alone.
    for (const sql of schema.indexes) target.exec(sql);
    const copied = schema.tables.map(({ name, withoutRowid }) => copyTable(source, target, name, withoutRowid));
    for (const sql of schema.others) target.exec(sql);
    copySequences(source, target);
    const lost = makeConsistent(target);
    target.pragma(`application_id = ${schema.applicationId}`);
    return copied.map((table) => withLost(table, lost.get(table.table) ?? 0));
  });
  const complete = tables.every(({ problem, refused }) => problem === undefined && refused === 0);
  const problems = tables.length === 0 ? ['The damaged file holds no tables. Restore it from a backup.'] : [];
  return { complete: complete && problems.length === 0, tables, problems };
}

function copyTable(source: Database, target: Database, table: string, withoutRowid: boolean): SalvagedTable {
  const columns = columnsOf(target, table);
  const places = columns.map(() => '?').join(', ');
  const insert = target.prepare(
    `INSERT OR IGNORE INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES (${places})`,
  );
  let recovered = 0;
  let refused = 0;
  const seen = new Set<unknown>();
  const read = withoutRowid ? readWithoutRowid : readDamagedTable;
  const { failures, reason } = read(source, table, columns, ([rowid, ...values]) => {
    if (rowid !== null && seen.has(rowid)) return;
    seen.add(rowid);
    if (insert.run(...values).changes > 0) recovered++;
    else refused++;
  });
  return { table, recovered, refused, ...(failures === 0 ? {} : { problem: reason ?? 'it could not be read' }) };
}

/** Columns that are stored; others are computed from them. */
function columnsOf(db: Database, table: string): string[] {
  const rows = db.prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid').raw().all(table);
  return rows.flatMap((row) => (Array.isArray(row) && typeof row[0] === 'string' ? [row[0]] : []));
}

function withLost(table: SalvagedTable, lost: number): SalvagedTable {
  return lost === 0 ? table : { ...table, recovered: table.recovered - lost, refused: table.refused + lost };
}

/** Ids that were given out once are not given out again, also those whose rows are gone. */
function copySequences(source: Database, target: Database): void {
  if (target.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").get() === undefined) return;
  const known = new Set(target.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").raw().all().flat());
  const raise = target.prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?');
  const add = target.prepare('INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)');
  readDamagedTable(source, 'sqlite_sequence', ['name', 'seq'], ([, name, seq]) => {
    if (!known.has(name)) return;
    if (raise.run(seq, name).changes === 0) add.run(seq, name);
  });
}
