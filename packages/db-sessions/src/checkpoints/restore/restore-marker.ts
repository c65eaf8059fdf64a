import { join } from 'node:path';
import { FileLock, hasSystemCode, type RootFolder } from '@codebuddy/db-core/internal';

/** Windows removes no file that is open: not before the lock is released, nor if another process has taken it since. */
const IS_WINDOWS = process.platform === 'win32';
const IN_USE = IS_WINDOWS ? ['EBUSY', 'EPERM', 'EACCES'] : [];

const PREFIX = '.codebuddy-restore-';

const STAGED = /^\.codebuddy-restore-(.+)-\d+$/;

/** Returns the name that a file has until it is put in its place: a short one, however long the file's own is. */
export function stagedName(token: string, index: number): string {
  return `${PREFIX}${token}-${index}`;
}

/** Returns the token of the restore that a name of {@link stagedName} belongs to, or `undefined` for any other name. */
export function tokenOfStaged(name: string): string | undefined {
  return STAGED.exec(name)?.[1];
}

/**
 * An empty file in the project folder while a restore goes on, locked by the process that restores. If it is there and not
 * locked, that process has died. If it is not there, no file is half restored: the restore had not begun, or has ended,
 * whatever a copy of the database says of it.
 */
export class RestoreMarker {
  readonly #root: RootFolder;
  readonly #name: string;
  #lock: FileLock | undefined;

  /** @param token - that of the restore */
  constructor(root: RootFolder, token: string) {
    this.#root = root;
    this.#name = `${PREFIX}${token}`;
  }

  /** Creates the file and locks it. Returns `false` if somebody else was faster to lock it. */
  async create(): Promise<boolean> {
    await this.#root.inFolder('', async (folder) => {
      await (await folder.createFile(this.#name, 0o600)).close();
      await folder.sync();
    });
    return this.lock();
  }

  async exists(): Promise<boolean> {
    return (await this.#root.inFolder('', (folder) => folder.stat(this.#name))) !== undefined;
  }

  /** Locks the file. Returns `false` if it is locked: a process restores, or this one does. */
  lock(): boolean {
    this.#lock = FileLock.tryAcquire(join(this.#root.path, this.#name));
    return this.#lock !== undefined;
  }

  /** Releases the lock, and leaves the file for whoever ends the restore. */
  unlock(): void {
    this.#lock?.[Symbol.dispose]();
    this.#lock = undefined;
  }

  /** Removes the file, if it is there, before its lock is released. */
  async remove(): Promise<void> {
    if (IS_WINDOWS) this.unlock();
    await this.#root.inFolder('', async (folder) => {
      try {
        await folder.removeFile(this.#name);
        await folder.sync();
      } catch (error) {
        if (!hasSystemCode(error, 'ENOENT', ...IN_USE)) throw error;
      }
    });
  }
}
