import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { OutsideRootError } from '../errors/index.ts';
import { type FolderAccess, identityOf } from './folder-access.ts';

/** A process that swaps folders all the time passes one look in a hundred; nobody passes so many in a row. */
const LOOKS = 4;

/**
 * Names entries by their whole path, and looks before and after each call whether the path leads through the folders that
 * were opened. A file is handed out only after several looks have found it there. What a call writes elsewhere, in the
 * moment between two looks, can't be taken back.
 */
export class PathAccess implements FolderAccess {
  readonly location: string;
  readonly #identity: string;

  constructor(location: string, stats: BigIntStats) {
    this.location = location;
    this.#identity = identityOf(stats);
  }

  async within<Result>(call: () => Promise<Result>): Promise<Result> {
    await this.#confirm();
    const result = await call();
    await this.#confirm();
    return result;
  }

  async open(name: string, flags: number, mode?: number): Promise<FileHandle> {
    const path = join(this.location, name);
    await this.#confirm();
    const file = await open(path, flags, mode);
    try {
      const opened = await file.stat({ bigint: true });
      for (let look = 0; look < LOOKS; look++) {
        const found = await this.within(() => lstat(path, { bigint: true }));
        if (identityOf(found) !== identityOf(opened)) throw movedError(path);
      }
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async enter(name: string, stats: BigIntStats): Promise<FolderAccess> {
    return new PathAccess(join(this.location, name), stats);
  }

  async sync(): Promise<void> {
    // Windows writes names down by itself, and opens no folder for this.
    if (process.platform === 'win32') return;
    const folder = await open(this.location);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  async #confirm(): Promise<void> {
    const stats = await lstat(this.location, { bigint: true });
    if (identityOf(stats) !== this.#identity) throw movedError(this.location);
  }
}

function movedError(path: string): OutsideRootError {
  return new OutsideRootError(`${path} was replaced while it was in use. Try again when nobody changes it.`);
}
