import { existsSync, linkSync, readdirSync, readlinkSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileStamp } from '../codecs/timestamps.ts';
import { connect } from '../connection/connect.ts';
import { DATABASE_FILES } from '../connection/database-file.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { BusyError, CannotOpenError, hasErrorCode, hasSystemCode, toDatabaseError } from '../errors/index.ts';
import { requirePath } from '../validation.ts';

/**
 * Renames a damaged database together with its `-wal` and `-shm`, so that a new one can be made in its place. Nothing is
 * deleted; {@link salvageDatabase} reads what was quarantined.
 *
 * @returns the new path
 * @throws BusyError while any process has the database open
 * @throws CannotOpenError when there is no such file
 */
export function quarantine(path: string, now = Date.now()): string {
  const file = resolve(requirePath(path, 'path'));
  if (!isThere(file)) throw new CannotOpenError(`${file} is not there. Give the path of the damaged database.`);
  return renameAll(file, 'damaged', now);
}

/** @deprecated Renamed: call {@link quarantine}. */
export const setAside = quarantine;

/**
 * Renames a database with all that lies beside it, over no other one.
 *
 * @param word - why, as a part of the new name
 * @returns the new path, with a number if it was taken
 * @throws BusyError while any process has the database open
 */
export function renameAll(file: string, word: string, now: number): string {
  if (existsSync(file) && isHeld(file)) {
    throw new BusyError(`${file} is open in a process. Close every program that uses it, and try again.`);
  }
  const wanted = `${file}.${word}-${fileStamp(now, 'now')}`;
  let path = wanted;
  for (let number = 2; isThere(path); number++) path = `${wanted}-${number}`;
  for (const suffix of DATABASE_FILES) {
    if (existsSync(file + suffix)) renameSync(file + suffix, path + suffix);
  }
  return path;
}

/** Returns whether there is a database, or a part of one that was left behind. */
export function isThere(file: string): boolean {
  return DATABASE_FILES.some((suffix) => existsSync(file + suffix));
}

function isHeld(file: string): boolean {
  return isLocked(file) || isOpenSomewhere(file);
}

/**
 * Every connection in WAL mode keeps a lock that this one can't be had beside. It is asked for under another name: under
 * its own, SQLite would tidy away a log that it takes for left over.
 */
function isLocked(file: string): boolean {
  using probe = new UnfinishedFile(file);
  try {
    linkSync(file, probe.path);
  } catch (error) {
    // Some volumes know no links: there, who has the file open decides alone.
    if (hasSystemCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return false;
    throw error;
  }
  return canNotBeLocked(probe.path);
}

function canNotBeLocked(file: string): boolean {
  const db = connect(file, { busyTimeoutMs: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch (cause) {
    // A file too damaged to be locked is judged by who has it open.
    return hasErrorCode(toDatabaseError(cause, 'recovery.quarantine'), 'DB_BUSY');
  } finally {
    db.close();
  }
}

/** Linux tells which files a process has open, those of other users aside. */
function isOpenSomewhere(file: string): boolean {
  if (process.platform !== 'linux') return false;
  const files = new Set(DATABASE_FILES.map((suffix) => file + suffix));
  return entriesOf('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => entriesOf(`/proc/${pid}/fd`).some((fd) => files.has(linkOf(`/proc/${pid}/fd/${fd}`))));
}

function entriesOf(folder: string): string[] {
  return orNothing(() => readdirSync(folder)) ?? [];
}

function linkOf(path: string): string {
  return orNothing(() => readlinkSync(path)) ?? '';
}

/** Processes end, and those of others are closed to us: what can't be read is not ours to judge. */
function orNothing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'EINVAL', 'ENOTDIR')) return undefined;
    throw error;
  }
}
