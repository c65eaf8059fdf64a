import type { BigIntStats } from 'node:fs';
import { OutsideRootError, TooLargeError } from '@codebuddy/db-core';
import {
  hashContent,
  type OpenFolder,
  RootFolder,
  requireRelativePath,
  toDatabaseError,
} from '@codebuddy/db-core/internal';
import { permissionsOf } from './file-state.ts';

/** A regular file as it was found. */
export interface FoundFile {
  readonly kind: 'file';
  readonly content: Uint8Array;
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash: string;
  /** The permission bits, such as 0o755. */
  readonly mode: number;
  /** Another one once somebody has changed the file. */
  readonly stamp: string;
}

/** A path with no file. */
export interface FoundNothing {
  readonly kind: 'absent' | 'folder';
  /** The topmost folder on the way that does not exist. */
  readonly absentFolder?: string;
  /** The same path, if a regular file is if that folder would be. */
  readonly blockedBy?: string;
}

/** The file at a path, or none. */
export type Found = FoundFile | FoundNothing;

/** Node.js reads no larger file at once. */
const MAX_FILE_BYTES = 2 ** 31 - 1;

/** Reads the files of one project folder, and never leaves it. */
export class ProjectFolder {
  readonly root: RootFolder;

  /** @throws CannotOpenError when there is no such folder */
  constructor(path: string) {
    this.root = new RootFolder(path);
  }

  /** The folder's real path. */
  get path(): string {
    return this.root.path;
  }

  /**
   * Looks at a path and reads the file, if there is one.
   *
   * @throws OutsideRootError when there is a link on the way, or something that is neither a file nor a folder
   */
  async look(path: string): Promise<Found> {
    try {
      return await lookBelow(await this.root.open(), requireRelativePath(path).split('/'));
    } catch (error) {
      throw toDatabaseError(error, 'checkpoints.read');
    }
  }

  /** Returns the paths of all that is in a folder: of folders, and of everything else. */
  async list(path: string): Promise<{ readonly folders: readonly string[]; readonly others: readonly string[] }> {
    const folders: string[] = [];
    const others: string[] = [];
    const pending = [path];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const inside = await this.root.inFolder(next, (folder) => folder.entries());
      for (const { name, kind } of inside ?? []) {
        if (kind === 'folder') pending.push(`${next}/${name}`);
        (kind === 'folder' ? folders : others).push(`${next}/${name}`);
      }
    }
    return { folders, others };
  }
}

/** Describes a file so that any change of it shows. */
export function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}

/** Refuses what is neither a regular file nor nothing. */
export function notAFile(path: string): OutsideRootError {
  return new OutsideRootError(`${path} is not a regular file. Checkpoints hold regular files only.`);
}

async function lookBelow(folder: OpenFolder, [next = '', ...rest]: readonly string[]): Promise<Found> {
  try {
    if (rest.length === 0) return await lookAt(folder, next);
    const inner = await folder.openFolder(next);
    if (inner !== undefined) return await lookBelow(inner, rest);
    const path = folder.path === '' ? next : `${folder.path}/${next}`;
    const stats = await folder.stat(next);
    if (stats?.isFile() === false) throw notAFile(path);
    return { kind: 'absent', absentFolder: path, ...(stats === undefined ? {} : { blockedBy: path }) };
  } finally {
    await folder.close();
  }
}

async function lookAt(folder: OpenFolder, name: string): Promise<Found> {
  if ((await folder.stat(name))?.isDirectory() === true) return { kind: 'folder' };
  const file = await folder.openFile(name);
  if (file === undefined) return { kind: 'absent' };
  try {
    const stats = await file.stat({ bigint: true });
    if (stats.size > MAX_FILE_BYTES)
      throw new TooLargeError(`${name} is larger than ${MAX_FILE_BYTES} bytes. Leave it out of the checkpoint.`);
    const content = await file.readFile();
    const mode = permissionsOf(Number(stats.mode));
    return { kind: 'file', content, hash: hashContent(content), mode, stamp: stampOf(stats) };
  } finally {
    await file.close();
  }
}
