import { ConflictError } from '@codebuddy/db-core';
import { hasSystemCode, type OpenFolder, type RootFolder, splitPath } from '@codebuddy/db-core/internal';
import { permissionsOf } from '../file-state.ts';
import { type Found, stampOf } from '../project-folder.ts';
import { foldersOnTheWay } from './folder-paths.ts';
import { RestoreMarker, stagedName, tokenOfStaged } from './restore-marker.ts';

/** A file to write, or, if there is no content, to remove. */
export interface FileSwap {
  readonly path: string;
  /** The file that is there now, or none: the swap fails if that has changed since. */
  readonly found: Found;
  readonly content?: Uint8Array | undefined;
  /** The permission bits; absent if those will do that the file has, or that new files get. */
  readonly mode?: number | undefined;
}

/** A new file that waits under a name of its own. */
interface StagedFile {
  readonly swap: FileSwap;
  /** The folder that it waits in: that of the file, or the next one above that exists. */
  readonly folder: string;
  readonly name: string;
}

/**
 * Writes and removes files. All that is new is written first, under names of its own beside the files, so that what is left
 * to do is to give names, which needs next to no space. When this returns, all of it is on the disk.
 *
 * A failure leaves some files swapped and some not, and may leave staged ones: `InterruptedRestore` sees to them. If it
 * can't reach them, the next swap in the same folder does.
 *
 * @param token - a part of the names of the staged files
 * @param foldersToRemove - removed after the files, if they are empty
 */
export async function swapFiles(
  root: RootFolder,
  swaps: readonly FileSwap[],
  token: string,
  foldersToRemove: readonly string[],
): Promise<void> {
  const staged: StagedFile[] = [];
  for (const swap of swaps) {
    if (swap.content !== undefined)
      staged.push(await stage(root, swap, swap.content, stagedName(token, staged.length)));
  }
  const touched = new Set<string>();
  for (const { path, found, content } of swaps) {
    if (content === undefined && found.kind === 'file') await remove(root, path, found, touched);
  }
  // What is deeper has a longer path.
  for (const folder of [...new Set(foldersToRemove)].sort((a, b) => b.length - a.length))
    await removeIfEmpty(root, folder, touched);
  for (const file of staged) await putInPlace(root, file, touched);
  for (const folder of touched) {
    await root.inFolder(folder, async (open) => {
      await removeStaged(open, async (each) => each !== token && !(await new RestoreMarker(root, each).exists()));
      await open.sync();
    });
  }
}

/** Removes the staged files of one restore from the folders that some paths lead through. */
export async function removeStagedOf(token: string, root: RootFolder, paths: readonly string[]): Promise<void> {
  for (const folder of new Set(['', ...paths.flatMap(foldersOnTheWay)]))
    await root.inFolder(folder, (open) => removeStaged(open, async (each) => each === token));
}

async function removeStaged(folder: OpenFolder, isOver: (token: string) => Promise<boolean>): Promise<void> {
  for (const { name } of await folder.entries()) {
    const token = tokenOfStaged(name);
    if (token !== undefined && (await isOver(token))) await folder.removeFile(name);
  }
}

async function stage(root: RootFolder, swap: FileSwap, content: Uint8Array, name: string): Promise<StagedFile> {
  const mode = swap.mode ?? (swap.found.kind === 'file' ? swap.found.mode : undefined);
  const folder = await inNearestFolder(root, splitPath(swap.path).folder, async (open) => {
    const file = await open.createFile(name, mode ?? 0o666);
    try {
      await file.writeFile(content);
      // The system takes the bits of the umask away; a volume that knows no permissions is not asked for what it has.
      if (mode !== undefined && permissionsOf((await file.stat()).mode) !== mode) await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    return open.path;
  });
  return { swap, folder, name };
}

async function remove(root: RootFolder, path: string, found: Found, touched: Set<string>): Promise<void> {
  const { folder, name } = splitPath(path);
  const isRemoved = await root.inFolder(folder, async (open) => {
    await requireUnchanged(open, name, path, found);
    await open.removeFile(name);
    return true;
  });
  if (isRemoved === undefined) throw changedError(path);
  touched.add(folder);
}

async function removeIfEmpty(root: RootFolder, path: string, touched: Set<string>): Promise<void> {
  const { folder, name } = splitPath(path);
  try {
    await root.inFolder(folder, async (open) => {
      if ((await open.stat(name))?.isDirectory() !== true) return;
      await open.removeFolder(name);
      touched.add(folder);
      touched.delete(path);
    });
  } catch (error) {
    if (!hasSystemCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

async function putInPlace(root: RootFolder, file: StagedFile, touched: Set<string>): Promise<void> {
  const { path, found } = file.swap;
  const { folder, name } = splitPath(path);
  for (const each of foldersOnTheWay(path)) await createFolder(root, each, touched);
  const isInPlace = await root.inFolder(file.folder, (from) =>
    root.inFolder(folder, async (to) => {
      await requireUnchanged(to, name, path, found);
      await from.rename(file.name, to, name);
      return true;
    }),
  );
  if (isInPlace === undefined) throw changedError(path);
  touched.add(folder);
}

async function createFolder(root: RootFolder, path: string, touched: Set<string>): Promise<void> {
  const { folder, name } = splitPath(path);
  const isNew = await root.inFolder(folder, (open) => open.createFolder(name));
  if (isNew === true) touched.add(folder);
}

/** Runs a function in a folder, or in the nearest one above that exists; the root itself always does. */
async function inNearestFolder<Result>(
  root: RootFolder,
  path: string,
  use: (folder: OpenFolder) => Promise<Result>,
): Promise<Result> {
  for (let folder = path; ; folder = splitPath(folder).folder) {
    const result = await root.inFolder(folder, use);
    if (result !== undefined) return result;
  }
}

/** Somebody may have saved the file a moment ago: that is in no checkpoint yet. */
async function requireUnchanged(folder: OpenFolder, name: string, path: string, found: Found): Promise<void> {
  const stats = await folder.stat(name);
  const now = stats === undefined ? undefined : stampOf(stats);
  if (now !== (found.kind === 'file' ? found.stamp : undefined)) throw changedError(path);
}

function changedError(path: string): ConflictError {
  return new ConflictError(`${path} was changed while it was to be restored. Restore again when nobody changes it.`);
}
