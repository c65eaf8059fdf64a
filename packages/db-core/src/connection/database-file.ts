import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CannotOpenError, hasSystemCode, ReadOnlyError } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';
import { defaultFolder } from './database-location.ts';

/**
 * The endings of the files that make up a database. The rollback journal is one of them: files of earlier releases are
 * brought up to date under one, and a process that dies meanwhile leaves it behind.
 */
export const DATABASE_FILES = ['', '-wal', '-shm', '-journal'] as const;

/** Those of them that hold content. They are copied with a database, and never left beside another file of its name. */
export const CONTENT_FILES = ['', '-wal', '-journal'] as const;

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Bytes. */
const COPIED_AT_ONCE = 1_000_000;

/**
 * Makes sure that there is a file at the path: a new one may be read by its owner only, and a new folder be entered by
 * none else. SQLite gives `-wal` and `-shm` the modes of the file. A file that is there stays as it is.
 *
 * @throws CannotOpenError when the path is a folder, or the system refuses
 */
export function prepareDatabaseFile(path: string, warn: Warn): void {
  try {
    prepareFolder(dirname(path), warn);
    createEmptyFile(path);
  } catch (cause) {
    if (!(isError(cause) && 'code' in cause)) throw cause;
    if (cause.code === 'EROFS')
      throw new ReadOnlyError(`${path} lies on a read-only file system. Give another path, or open it with readOnly.`, {
        cause,
      });
    throw new CannotOpenError(`${path} can't be opened: ${cause.message}. Check the path and who may write there.`, {
      cause,
    });
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CannotOpenError(`${path} is a folder. Give the path of a file, such as ${join(path, 'codebuddy.db')}.`);
  }
}

function prepareFolder(folder: string, warn: Warn): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  // Earlier releases made their folder readable to all. Any other existing folder is the user's to decide on.
  if (folder === defaultFolder()) restrict(folder, OWNER_ONLY_FOLDER, warn);
}

function createEmptyFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY_FILE));
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST', 'EISDIR')) throw error;
  }
}

type Warn = (message: string) => void;

const warnProcess: Warn = (message) => process.emitWarning(message, 'DatabaseWarning');

/** Copies a database that nobody writes to, with what lies beside it, to files that only their owner may read. */
export function copyDatabaseFiles(from: string, to: string): void {
  for (const suffix of CONTENT_FILES) {
    if (suffix === '' || existsSync(from + suffix)) copyFile(from + suffix, to + suffix);
  }
}

/** The system's own copying takes the rights of the original over, which some volumes refuse. */
function copyFile(from: string, to: string): void {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'wx', OWNER_ONLY_FILE);
    try {
      const buffer = Buffer.allocUnsafe(COPIED_AT_ONCE);
      for (let read = readSync(source, buffer); read > 0; read = readSync(source, buffer)) {
        for (let written = 0; written < read; ) written += writeSync(target, buffer, written, read - written);
      }
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/**
 * Takes the rights of others away from a database of ours: earlier releases made theirs readable to all.
 *
 * @param warn - told if the volume keeps no rights
 */
export function restrictDatabaseFiles(path: string, warn: Warn = warnProcess): void {
  for (const file of DATABASE_FILES.map((suffix) => path + suffix)) {
    if (existsSync(file) && statSync(file).isFile()) restrict(file, OWNER_ONLY_FILE, warn);
  }
}

/** Does the same for the copies and the set-aside files that lie beside it: earlier releases left them readable to all. */
export function restrictCopies(path: string, warn: Warn): void {
  const copy = /\.bak$|^\.(?:damaged|replaced)-/;
  for (const name of namesIn(dirname(path))) {
    const ending = name.slice(basename(path).length);
    const file = join(dirname(path), name);
    if (
      name.startsWith(`${basename(path)}.`) &&
      copy.test(ending) &&
      statSync(file, { throwIfNoEntry: false })?.isFile()
    )
      restrict(file, OWNER_ONLY_FILE, warn);
  }
}

/** The names in a folder, if it may be listed. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (hasSystemCode(error, 'EACCES', 'EPERM')) return [];
    throw error;
  }
}

/** Takes the rights of others away, if the file is ours and they have any; the owner's own rights stay. */
function restrict(path: string, most: number, warn: Warn): void {
  const { mode, uid } = statSync(path);
  const others = mode & 0o077;
  if (others === 0 || (process.getuid !== undefined && process.getuid() !== uid)) return;
  try {
    chmodSync(path, mode & most);
  } catch (error) {
    // Volumes of other systems, and some that are mounted into containers, keep no rights.
    if (!hasSystemCode(error, 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EROFS')) throw error;
    warn(`${path} can be read by others: the volume refuses to change its rights. Keep it where they can be set.`);
  }
}
