import { realpathSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { toDatabaseError } from '../errors/index.ts';
import { requirePath } from '../validation.ts';
import { canUseDescriptors } from './descriptor-access.ts';
import { OpenFolder } from './open-folder.ts';
import { requireRelativePath } from './relative-path.ts';

/**
 * A folder whose files are reached without ever leaving it: by no `..`, by no link on the way, and by none that takes the
 * place of a folder between a check and its use. It is what `os.Root` is in Go (https://go.dev/blog/osroot).
 *
 * On Linux a folder swapped for a link is never entered. On other systems Node.js has no calls for that: the path is looked
 * at before and after, which notices a swap, but not one that is undone and made again between two looks.
 *
 * @example
 * ```ts
 * const root = new RootFolder('/home/dev/shop');
 * const text = await root.inFolder('src', async (folder) => {
 *   const file = await folder.openFile('cart.ts');
 *   try {
 *     return await file?.readFile('utf8');
 *   } finally {
 *     await file?.close();
 *   }
 * });
 * ```
 */
export class RootFolder {
  /** The real path of the folder. */
  readonly path: string;
  readonly #byDescriptors: boolean | undefined;

  /**
   * @param options - among them `byDescriptors`: whether entries are reached by the descriptors of their folders.
   * Default: if the system can
   * @throws CannotOpenError when there is no such folder
   */
  constructor(path: string, options: { readonly byDescriptors?: boolean } = {}) {
    try {
      this.path = realpathSync(requirePath(path, 'path'));
    } catch (error) {
      throw toDatabaseError(error, 'folder.open');
    }
    this.#byDescriptors = options.byDescriptors;
  }

  /** Opens the folder itself. Close it after use. */
  async open(): Promise<OpenFolder> {
    return OpenFolder.openRoot(this.path, this.#byDescriptors ?? (await canUseDescriptors()));
  }

  /**
   * Opens a folder below, or the root itself for an empty path, for as long as a function uses it.
   *
   * @returns the result of the function, or `undefined` if there is no such folder
   * @throws OutsideRootError when the path leads out, or there is a link on the way
   */
  async inFolder<Result>(path: string, use: (folder: OpenFolder) => Promise<Result>): Promise<Result | undefined> {
    const parts = path === '' ? [] : requireRelativePath(path).split('/');
    return enter(await this.open(), parts, use);
  }

  /**
   * Opens a regular file for reading, or returns `undefined` if there is none. Close it after use.
   *
   * @throws OutsideRootError when the path leads out, there is a link on the way, or no regular file
   */
  async openFile(path: string): Promise<FileHandle | undefined> {
    const { folder, name } = splitPath(requireRelativePath(path));
    return this.inFolder(folder, (parent) => parent.openFile(name));
  }
}

/** Splits a path below a root into that of its folder, which may be empty, and its name. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const end = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(end, 0)), name: path.slice(end + 1) };
}

async function enter<Result>(
  folder: OpenFolder,
  [next, ...rest]: readonly string[],
  use: (folder: OpenFolder) => Promise<Result>,
): Promise<Result | undefined> {
  try {
    if (next === undefined) return await use(folder);
    const inner = await folder.openFolder(next);
    return inner === undefined ? undefined : await enter(inner, rest, use);
  } finally {
    await folder.close();
  }
}
