import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { hasSystemCode } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';
import { type FolderAccess, identityOf } from './folder-access.ts';

const READ_FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Names entries below the descriptor of their folder, as openat(2) does: `/proc/self/fd/7/cart.ts` is the file in the folder
 * that descriptor 7 has open, wherever that folder's path leads by now.
 */
export class DescriptorAccess implements FolderAccess {
  readonly #descriptor: FileHandle;
  readonly #path: string;

  private constructor(descriptor: FileHandle, path: string) {
    this.#descriptor = descriptor;
    this.#path = path;
  }

  static async open(path: string): Promise<DescriptorAccess> {
    return new DescriptorAccess(await open(path, READ_FOLDER), path);
  }

  /** The descriptor of a closed folder is -1, which names nothing. */
  get location(): string {
    return `/proc/self/fd/${this.#descriptor.fd}`;
  }

  async within<Result>(call: () => Promise<Result>): Promise<Result> {
    const { location } = this;
    try {
      return await call();
    } catch (error) {
      // A number says nothing to whoever reads the message.
      if (isError(error)) error.message = error.message.replaceAll(`${location}/`, `${this.#path}/`);
      throw error;
    }
  }

  open(name: string, flags: number, mode?: number): Promise<FileHandle> {
    return this.within(() => open(`${this.location}/${name}`, flags, mode));
  }

  async enter(name: string): Promise<FolderAccess> {
    const descriptor = await this.within(() => open(`${this.location}/${name}`, READ_FOLDER));
    return new DescriptorAccess(descriptor, `${this.#path}/${name}`);
  }

  async sync(): Promise<void> {
    try {
      await this.#descriptor.sync();
    } catch (error) {
      // Some network file systems have no such call for folders.
      if (!hasSystemCode(error, 'EINVAL', 'ENOTSUP')) throw error;
    }
  }

  close(): Promise<void> {
    return this.#descriptor.close();
  }
}

let isAvailable: Promise<boolean> | undefined;

/** Returns whether entries can be named below descriptors: on Linux, if /proc is mounted. */
export function canUseDescriptors(): Promise<boolean> {
  isAvailable ??= process.platform === 'linux' ? probe() : Promise.resolve(false);
  return isAvailable;
}

async function probe(): Promise<boolean> {
  const root = await DescriptorAccess.open('/');
  try {
    const [named, itself] = await Promise.all([
      lstat(`${root.location}/.`, { bigint: true }),
      lstat('/', { bigint: true }),
    ]);
    return identityOf(named) === identityOf(itself);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM')) return false;
    throw error;
  } finally {
    await root.close();
  }
}
