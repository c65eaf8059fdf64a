import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { OutsideRootError } from '@codebuddy/db-core';
import { hasSystemCode } from '@codebuddy/db-core/internal';

/** An open legacy file. */
export interface LegacyFile extends AsyncDisposable {
  readonly path: string;
  readonly handle: FileHandle;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modifiedMs: number;
}

/**
 * Opens a file for reading, if it is a regular file below a folder. Symbolic links below the folder are not followed,
 * and nothing waits for the other end of a pipe.
 *
 * @throws OutsideRootError when it is a link or no regular file, or lies elsewhere
 */
export async function openLegacyFile(root: string, path: string): Promise<LegacyFile> {
  const handle = await openWithoutFollowing(path);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new OutsideRootError('it is not a regular file');
    // The file itself is no link; a folder on the way to it may be one.
    if (!(await realpath(path)).startsWith((await realpath(root)) + sep)) {
      throw new OutsideRootError(`it lies outside ${root}`);
    }
    return { path, handle, size: stats.size, modifiedMs: stats.mtimeMs, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openWithoutFollowing(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasSystemCode(error, 'ELOOP')) {
      throw new OutsideRootError('it is a symbolic link, which is not followed', { cause: error });
    }
    throw error;
  }
}
