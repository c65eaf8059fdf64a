import { constants, realpathSync } from 'node:fs';
import { lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { InvalidInputError, OutsideRootError } from '@codebuddy/db-core';
import { hasSystemCode, randomId, requirePath, toDatabaseError } from '@codebuddy/db-core/internal';

/** A file as it was found. */
export interface FoundFile {
  readonly content: Uint8Array;
  /** The permission bits, such as 0o755. */
  readonly mode: number;
}

/**
 * Reads and writes the files of one folder, by paths relative to it. A path that leads out of it, by `..` or by a
 * symbolic link anywhere on its way, is refused.
 */
export class ProjectFolder {
  /** The folder's real path. */
  readonly root: string;

  constructor(path: string) {
    try {
      this.root = realpathSync(requirePath(path, 'projectPath'));
    } catch (error) {
      throw toDatabaseError(error, 'checkpoints.open');
    }
  }

  /**
   * Brings a path to the form in which checkpoints keep it.
   *
   * @throws OutsideRootError when it is absolute or leads out of the folder
   */
  normalize(path: string): string {
    if (typeof path !== 'string') throw new InvalidInputError('path', 'expected a text');
    const normalized = posix.normalize(path.split(sep).join('/'));
    const parts = normalized.split('/');
    if (
      path === '' ||
      path.includes('\0') ||
      parts[0] === '' ||
      parts[0] === '..' ||
      parts[0] === '.' ||
      /^[a-z]:/i.test(path)
    ) {
      throw new OutsideRootError(
        `${JSON.stringify(path)} does not name a file inside ${this.root}. Give a relative path below it.`,
      );
    }
    return normalized;
  }

  /** Reads a file, or returns `undefined` where there is none. */
  async read(path: string): Promise<FoundFile | undefined> {
    if ((await this.#kindOf(path)) === 'absent') return undefined;
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await typed('checkpoints.read', open(join(this.root, path), flags));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw this.#notAFile(path);
      return { content: await handle.readFile(), mode: stats.mode & 0o777 };
    } finally {
      await handle.close();
    }
  }

  /**
   * Writes a file whole: readers see the old content or the new one, never a part.
   *
   * @throws CannotOpenError, ReadOnlyError, DiskFullError or StorageIoError when the system refuses
   */
  async write(path: string, content: Uint8Array, mode: number | undefined): Promise<void> {
    await this.#kindOf(path);
    await typed('checkpoints.write', this.#replace(path, content, mode));
  }

  async #replace(path: string, content: Uint8Array, mode: number | undefined): Promise<void> {
    const target = join(this.root, path);
    const temporary = `${target}.${randomId()}.tmp`;
    await mkdir(join(target, '..'), { recursive: true });
    const handle = await open(temporary, 'wx', mode ?? 0o644);
    try {
      await handle.writeFile(content);
      if (mode !== undefined) await handle.chmod(mode);
      await handle.close();
      await rename(temporary, target);
    } catch (error) {
      await handle.close();
      await unlink(temporary);
      throw error;
    }
  }

  /** Removes a file, where there is one. */
  async remove(path: string): Promise<void> {
    if ((await this.#kindOf(path)) === 'file') await typed('checkpoints.remove', unlink(join(this.root, path)));
  }

  /** Looks at every part of the path on its way down, and refuses to follow a link. */
  async #kindOf(path: string): Promise<'file' | 'absent'> {
    const parts = this.normalize(path).split('/');
    for (const [index] of parts.entries()) {
      const part = parts.slice(0, index + 1).join('/');
      const stats = await lstatOrAbsent(join(this.root, part));
      if (stats === undefined) return 'absent';
      if (stats.isSymbolicLink()) {
        throw new OutsideRootError(
          `${part} is a symbolic link, which may lead out of ${this.root}. Name the file itself.`,
        );
      }
      if (index === parts.length - 1 && !stats.isFile()) throw this.#notAFile(path);
    }
    return 'file';
  }

  #notAFile(path: string): OutsideRootError {
    return new OutsideRootError(`${path} is not a regular file. Checkpoints hold regular files only.`);
  }
}

async function lstatOrAbsent(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw toDatabaseError(error, 'checkpoints.read');
  }
}

/** What the system refuses becomes an error of ours. */
async function typed<Result>(operation: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw toDatabaseError(error, operation);
  }
}
