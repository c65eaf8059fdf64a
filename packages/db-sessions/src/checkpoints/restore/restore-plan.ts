import { type CheckpointFile, CorruptError } from '@codebuddy/db-core';
import { requireRelativePath } from '@codebuddy/db-core/internal';
import { type FileState, isInState, stateOf } from '../file-state.ts';
import { type Found, notAFile, type ProjectFolder } from '../project-folder.ts';
import { foldersOnTheWay, foldersWithin } from './folder-paths.ts';

/** A path whose state is to change. */
export interface PathChange {
  readonly path: string;
  /** The file that is there now, or none. */
  readonly found: Found;
  readonly wanted: FileState;
}

/** The work of a restore. */
export interface RestorePlan {
  readonly changes: readonly PathChange[];
  /** Folders that are removed if they are empty after the files were removed. */
  readonly foldersToRemove: readonly string[];
}

/** The state that is to be brought about. */
export interface RestoreTarget {
  readonly files: readonly CheckpointFile[];
  /** Folders that did not exist. */
  readonly absentFolders: readonly string[];
}

/**
 * Compares the state of some paths with the folder as it is. A file that stands in the way of a folder is removed as well:
 * it can't have been there.
 *
 * @throws OutsideRootError when there is a link, or a folder in the way that holds what the target says nothing of
 * @throws CorruptError when the target contradicts itself
 */
export async function planRestore(
  folder: ProjectFolder,
  { files, absentFolders }: RestoreTarget,
): Promise<RestorePlan> {
  const wanted = new Map(files.map((file) => [requireRelativePath(file.file_path), stateOf(file)]));
  requireNoFileInFile(wanted);
  const changes: PathChange[] = [];
  const foldersInTheWay: string[] = [];
  // What is added to the map on the way is looked at as well.
  for (const [path, state] of wanted) {
    const found = await folder.look(path);
    if (isInState(found.kind === 'file' ? found : {}, state)) continue;
    changes.push({ path, found, wanted: state });
    if (found.kind === 'folder') foldersInTheWay.push(...(await requireReplaceable(folder, path, wanted)));
    if (found.kind === 'absent' && found.blockedBy !== undefined && !wanted.has(found.blockedBy))
      wanted.set(found.blockedBy, {});
  }
  const removed = changes.flatMap(({ path, found }) => (found.kind === 'file' && isAbsent(wanted, path) ? [path] : []));
  return { changes, foldersToRemove: [...foldersInTheWay, ...foldersWithin(removed, absentFolders)] };
}

function requireNoFileInFile(wanted: ReadonlyMap<string, FileState>): void {
  for (const [path, { hash }] of wanted) {
    const inFile = hash !== undefined && foldersOnTheWay(path).find((folder) => wanted.get(folder)?.hash !== undefined);
    if (typeof inFile === 'string')
      throw new CorruptError(
        `The checkpoint holds ${inFile} both as a file and as a folder. Restore other paths of it.`,
      );
  }
}

/** Returns a folder that stands if a file is wanted, with those in it, if all files in it are to be removed anyway. */
async function requireReplaceable(
  folder: ProjectFolder,
  path: string,
  wanted: ReadonlyMap<string, FileState>,
): Promise<readonly string[]> {
  const { folders, others } = await folder.list(path);
  if (others.every((each) => isAbsent(wanted, each))) return [path, ...folders];
  throw notAFile(path);
}

function isAbsent(wanted: ReadonlyMap<string, FileState>, path: string): boolean {
  const state = wanted.get(path);
  return state !== undefined && state.hash === undefined;
}
