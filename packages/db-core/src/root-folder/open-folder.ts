import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasSystemCode, InvalidInputError, OutsideRootError } from '../errors/index.ts';
import { DescriptorAccess } from './descriptor-access.ts';
import type { FolderAccess } from './folder-access.ts';
import { PathAccess } from './path-access.ts';

/** The kind of thing that a folder holds under a name; `other` is a pipe, a socket or a device. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** A name in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * An open folder below a `RootFolder`. Its calls take the name of one entry and never follow a link, so they stay in this
 * folder even if another process moves it, or puts a link in its place, between two of them.
 *
 * Errors of the system are thrown as they are: name the operation with `toDatabaseError`.
 */
export class OpenFolder implements AsyncDisposable {
  /** Relative to the root, with `/` between its parts; empty for the root itself. */
  readonly path: string;
  readonly #access: FolderAccess;

  private constructor(path: string, access: FolderAccess) {
    this.path = path;
    this.#access = access;
  }

  /**
   * Opens the folder at the top. The path to it is trusted.
   *
   * @throws OutsideRootError when a link has taken its place
   */
  static async openRoot(path: string, byDescriptors: boolean): Promise<OpenFolder> {
    const stats = await lstat(path, { bigint: true });
    if (stats.isSymbolicLink()) throw linkError(path);
    return new OpenFolder('', byDescriptors ? await DescriptorAccess.open(path) : new PathAccess(path, stats));
  }

  /**
   * Opens a folder in this one, or returns `undefined` if there is none of that name.
   *
   * @throws OutsideRootError when there is a link
   */
  async openFolder(name: string): Promise<OpenFolder | undefined> {
    const stats = await this.stat(name);
    if (stats?.isSymbolicLink() === true) throw linkError(this.#pathOf(name));
    if (stats?.isDirectory() !== true) return undefined;
    try {
      return new OpenFolder(this.#pathOf(name), await this.#access.enter(name, stats));
    } catch (error) {
      // It was a folder a moment ago.
      if (hasSystemCode(error, 'ENOENT')) return undefined;
      if (hasSystemCode(error, 'ENOTDIR', 'ELOOP')) throw linkError(this.#pathOf(name), error);
      throw error;
    }
  }

  /** Returns the names in this folder, in no order. */
  async entries(): Promise<FolderEntry[]> {
    const entries = await this.#access.within(() => readdir(this.#access.location, { withFileTypes: true }));
    return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  }

  /** Describes what is under a name, without following a link; `undefined` if there is nothing. */
  async stat(name: string): Promise<BigIntStats | undefined> {
    try {
      return await this.#access.within(() => lstat(this.#at(name), { bigint: true }));
    } catch (error) {
      if (hasSystemCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }

  /**
   * Opens a regular file for reading, or returns `undefined` if there is nothing of that name. A pipe does not keep it
   * waiting. Close the file after use.
   *
   * @throws OutsideRootError when there is a link, or anything but a regular file
   */
  async openFile(name: string): Promise<FileHandle | undefined> {
    try {
      return await this.#open(name, READ);
    } catch (error) {
      if (hasSystemCode(error, 'ENOENT')) return undefined;
      if (hasSystemCode(error, 'ELOOP')) throw linkError(this.#pathOf(name), error);
      // A socket can't be opened at all, a folder not on every system.
      if (hasSystemCode(error, 'ENXIO', 'EOPNOTSUPP', 'EISDIR')) throw fileError(this.#pathOf(name), error);
      throw error;
    }
  }

  /**
   * Creates a file that is not there yet, and opens it for writing. Close it after use.
   *
   * @param mode - the permission bits, such as 0o644, from which the system takes those of the umask
   */
  createFile(name: string, mode: number): Promise<FileHandle> {
    return this.#open(name, CREATE, mode);
  }

  /** Creates a folder, unless there is one, and returns whether it did. */
  async createFolder(name: string): Promise<boolean> {
    try {
      await this.#access.within(() => mkdir(this.#at(name)));
      return true;
    } catch (error) {
      if (hasSystemCode(error, 'EEXIST') && (await this.stat(name))?.isDirectory() === true) return false;
      throw error;
    }
  }

  /** Moves an entry to a name in this folder or another one, in place of the file that may be there. */
  async rename(name: string, to: OpenFolder, newName: string): Promise<void> {
    await this.#access.within(() => to.#access.within(() => rename(this.#at(name), to.#at(newName))));
  }

  /** Removes a file or a link. */
  async removeFile(name: string): Promise<void> {
    await this.#access.within(() => unlink(this.#at(name)));
  }

  /** Removes an empty folder. */
  async removeFolder(name: string): Promise<void> {
    await this.#access.within(() => rmdir(this.#at(name)));
  }

  /** Waits until the names in this folder are on the disk, on systems that can tell. */
  sync(): Promise<void> {
    return this.#access.sync();
  }

  /** Closes the folder; its calls fail afterwards. */
  close(): Promise<void> {
    return this.#access.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(name: string, flags: number, mode?: number): Promise<FileHandle> {
    const file = await this.#access.open(requireName(name), flags, mode);
    try {
      if (!(await file.stat()).isFile()) throw fileError(this.#pathOf(name));
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #at(name: string): string {
    return join(this.#access.location, requireName(name));
  }

  #pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}/${name}`;
  }
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

const SEVERAL_ENTRIES = process.platform === 'win32' ? /[/\\:\0]/ : /[/\0]/;

function requireName(name: string): string {
  if (name === '' || name === '.' || name === '..' || SEVERAL_ENTRIES.test(name))
    throw new InvalidInputError('name', 'expected the name of one entry of a folder');
  return name;
}

function linkError(path: string, cause?: unknown): OutsideRootError {
  return new OutsideRootError(`${path} is a symbolic link, which may lead out of the folder. Name the file itself.`, {
    cause,
  });
}

function fileError(path: string, cause?: unknown): OutsideRootError {
  return new OutsideRootError(`${path} is not a regular file. Name a regular file.`, { cause });
}
