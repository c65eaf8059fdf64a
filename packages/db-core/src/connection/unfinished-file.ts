import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { hasSystemCode } from '../errors/index.ts';
import { DATABASE_FILES } from './database-file.ts';

/** The name says who writes the file, so that what a dead process left can be told from what a living one writes. */
const MARK = '.unfinished-';

/** What another machine, or a container with processes of its own, has not touched for so long is left over. */
const MAX_AGE_MS = 86_400_000;

/**
 * A database that is written beside its place and put there when it is whole: a process that dies meanwhile leaves nothing
 * under the real name, and what it leaves under this one is removed by the next call for the same place.
 */
export class UnfinishedFile {
  /** The path that it is written at. */
  readonly path: string;
  readonly #destination: string;

  constructor(destination: string) {
    this.#destination = destination;
    removeLeftovers(destination);
    this.path = `${destination}${MARK}${hostname()}-${process.pid}-${randomUUID()}`;
  }

  /** Creates it empty, readable by its owner only. */
  create(): void {
    closeSync(openSync(this.path, 'wx', 0o600));
  }

  /**
   * Puts it in its place, and waits until the disk has it.
   *
   * @param destination - another place in the same folder
   * @throws a system error with code `EEXIST` when there is a file at the place
   */
  publish(destination = this.#destination): void {
    sync(this.path);
    takePlace(this.path, destination);
    sync(dirname(destination));
  }

  /** Puts it in its place as {@link publish} does, instead of a file that nobody uses. */
  replace(): void {
    sync(this.path);
    replace(this.path, this.#destination);
    sync(dirname(this.#destination));
  }

  /** Removes it with all that SQLite left beside it; after {@link publish} only the latter is there. */
  [Symbol.dispose](): void {
    removeAll(this.path);
  }
}

/** An empty log may be left of the file that goes, and must not become that of its successor. */
function replace(path: string, destination: string): void {
  for (const suffix of DATABASE_FILES) if (suffix !== '') rmSync(destination + suffix, { force: true });
  renameSync(path, destination);
}

/** A link, unlike a new name, takes the place of nothing. Some volumes know no links. */
function takePlace(path: string, destination: string): void {
  try {
    linkSync(path, destination);
    rmSync(path);
  } catch (error) {
    if (!hasSystemCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS') || existsSync(destination)) throw error;
    renameSync(path, destination);
  }
}

function sync(path: string): void {
  // Windows writes names down by itself, and opens no folder for this.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes what processes that are gone left beside a place. */
export function removeLeftovers(destination: string): void {
  const folder = dirname(destination);
  const prefix = basename(destination) + MARK;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix) && isLeftOver(join(folder, name), name.slice(prefix.length)))
      removeAll(join(folder, name));
  }
}

function isLeftOver(path: string, writer: string): boolean {
  const own = `${hostname()}-`;
  if (writer.startsWith(own)) return !isAlive(Number.parseInt(writer.slice(own.length), 10));
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - modified > MAX_AGE_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasSystemCode(error, 'EPERM');
  }
}

function removeAll(path: string): void {
  for (const suffix of DATABASE_FILES) rmSync(path + suffix, { force: true });
}
