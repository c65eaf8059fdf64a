import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '@codebuddy/db-core';
import { type FolderEntry, isSystemError, type OpenFolder, type RootFolder } from '@codebuddy/db-core/internal';
import { type GitRepository, isRepository, openRepository } from './git/git-repository.ts';
import { type IgnoreRules, isIgnored, parseIgnoreRules } from './git/ignore-rules.ts';

/** A file of a project. */
export interface ProjectFile {
  /** Relative to the project, with `/` between its parts. */
  readonly path: string;
  /** Opens the file, or returns `undefined` if it is gone or has become a link. Close it after use. */
  open(): Promise<FileHandle | undefined>;
}

/** The options of a walk. */
export interface WalkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is told of each folder that can't be read, and is passed over. */
  readonly onUnreadable?: ((path: string) => void) | undefined;
}

/** The rules that hold in a folder. */
interface Place {
  readonly repository: GitRepository;
  /** Where paths of the repository begin, relative to the project, ending in `/`; empty for the project itself. */
  readonly top: string;
  readonly rules: readonly IgnoreRules[];
  /** Whether the folder is ignored, and entered for the files in it that git tracks. */
  readonly isIgnored: boolean;
}

/**
 * Finds the files of a project that git tracks, or would if asked to add all: `git ls-files --cached --others
 * --exclude-standard`, folder by folder in the order of their names. Symbolic links, git's own folder and other repositories
 * inside of the project's are passed over; a project that is no repository may hold several. A file can be opened until the next
 * one is asked for.
 */
export async function* walkProject(
  root: RootFolder,
  options: WalkOptions = {},
): AsyncGenerator<ProjectFile, void, undefined> {
  const repository = openRepository(root.path);
  const place = { repository, top: '', rules: repository.rules, isIgnored: false };
  const folder = await root.open();
  yield* walkFolder(root, folder, await folder.entries(), place, options);
}

async function* walkFolder(
  root: RootFolder,
  folder: OpenFolder,
  entries: readonly FolderEntry[],
  outer: Place,
  options: WalkOptions,
): AsyncGenerator<ProjectFile, void, undefined> {
  try {
    options.signal?.throwIfAborted();
    const place = await enter(folder, entries, outer);
    const { files, folders } = place.repository.tracked;
    for (const { name, kind } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (name === '.git') continue;
      const path = prefixOf(folder) + name;
      const inTree = place.repository.prefix + path.slice(place.top.length);
      const isOut = place.isIgnored || isIgnored(inTree, kind === 'folder', place.rules);
      if (kind === 'folder' && (!isOut || folders.has(inTree))) {
        const inner = await openReadable(folder, name, path, options);
        const next = inner && placeOf(root, path, inner.entries, { ...place, isIgnored: isOut });
        if (next === undefined) await inner?.folder.close();
        else if (inner !== undefined) yield* walkFolder(root, inner.folder, inner.entries, next, options);
      } else if (kind === 'file' && (!isOut || files.has(inTree))) {
        yield { path, open: () => unlessLink(() => folder.openFile(name)) };
      }
    }
  } finally {
    await folder.close();
  }
}

/** Opens a folder and reads its names; one that is gone or can't be read is passed over. */
async function openReadable(parent: OpenFolder, name: string, path: string, { onUnreadable }: WalkOptions) {
  let folder: OpenFolder | undefined;
  try {
    folder = await unlessLink(() => parent.openFolder(name));
    return folder && { folder, entries: await folder.entries() };
  } catch (error) {
    await folder?.close();
    if (!isSystemError(error)) throw error;
    onUnreadable?.(path);
    return undefined;
  }
}

/** Returns what holds in a folder below, or `undefined` if it is another repository in this one. */
function placeOf(root: RootFolder, path: string, entries: readonly FolderEntry[], outer: Place): Place | undefined {
  const folder = join(root.path, path);
  if (!entries.some(({ name }) => name === '.git') || !isRepository(folder)) return outer;
  if (outer.repository.isPresent) return undefined;
  const repository = openRepository(folder);
  return { repository, top: `${path}/`, rules: repository.rules, isIgnored: false };
}

/** Adds the rules of a folder to those that hold around it. */
async function enter(folder: OpenFolder, entries: readonly FolderEntry[], outer: Place): Promise<Place> {
  if (!entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file')) return outer;
  const content = await readIgnoreFile(folder);
  if (content === undefined) return outer;
  const inTree = outer.repository.prefix + prefixOf(folder).slice(outer.top.length);
  const own = parseIgnoreRules(content, inTree.replace(/\/$/, ''), outer.repository.ignoreCase);
  return { ...outer, rules: [...outer.rules, own] };
}

/** Git goes on without an ignore file that it can't read, with a warning. */
async function readIgnoreFile(folder: OpenFolder): Promise<Buffer | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await unlessLink(() => folder.openFile('.gitignore'));
    return await file?.readFile();
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  } finally {
    await file?.close();
  }
}

function prefixOf({ path }: OpenFolder): string {
  return path === '' ? '' : `${path}/`;
}

/** A file or folder that has become a link since its folder was read is passed over as any link is. */
async function unlessLink<Result>(open: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await open();
  } catch (error) {
    if (hasErrorCode(error, 'DB_OUTSIDE_ROOT')) return undefined;
    throw error;
  }
}
