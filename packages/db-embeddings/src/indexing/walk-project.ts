import type { FileHandle } from 'node:fs/promises';
import { hasErrorCode } from '@codebuddy/db-core';
import type { FolderEntry, OpenFolder, RootFolder } from '@codebuddy/db-core/internal';
import ignore, { type Ignore } from 'ignore';

/** A file of a project. */
export interface ProjectFile {
  /** Relative to the project, with `/` between its parts. */
  readonly path: string;
  /** Opens the file, or returns `undefined` if it is gone or has become a link. Close it after use. */
  open(): Promise<FileHandle | undefined>;
}

/** The rules of one `.gitignore`, and the folder they are for. */
interface IgnoreRules {
  /** Relative to the project, ending in `/`, or empty for the project itself. */
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * Finds the files of a project that git would not ignore, folder by folder in the order of their names. Symbolic links and
 * git's own folder are passed over. A file can be opened until the next one is asked for.
 */
export async function* walkProject(
  root: RootFolder,
  signal?: AbortSignal,
): AsyncGenerator<ProjectFile, void, undefined> {
  yield* walkFolder(await root.open(), [], signal);
}

async function* walkFolder(
  folder: OpenFolder,
  inherited: readonly IgnoreRules[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ProjectFile, void, undefined> {
  try {
    signal?.throwIfAborted();
    const entries = await folder.entries();
    const own = await readRules(folder, entries);
    const rules = own === undefined ? inherited : [...inherited, own];
    for (const { name, kind } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = prefixOf(folder) + name;
      if (kind === 'folder' && name !== '.git' && !isIgnored(`${path}/`, rules)) {
        const inner = await unlessLink(() => folder.openFolder(name));
        if (inner !== undefined) yield* walkFolder(inner, rules, signal);
      } else if (kind === 'file' && !isIgnored(path, rules)) {
        yield { path, open: () => unlessLink(() => folder.openFile(name)) };
      }
    }
  } finally {
    await folder.close();
  }
}

async function readRules(folder: OpenFolder, entries: readonly FolderEntry[]): Promise<IgnoreRules | undefined> {
  if (!entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file')) return undefined;
  const file = await unlessLink(() => folder.openFile('.gitignore'));
  try {
    return file === undefined
      ? undefined
      : { folder: prefixOf(folder), rules: ignore().add(await file.readFile('utf8')) };
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

/** The rules of a deeper folder can take back what those of a higher one say. */
function isIgnored(path: string, all: readonly IgnoreRules[]): boolean {
  let ignored = false;
  for (const { folder, rules } of all) {
    const result = rules.test(path.slice(folder.length));
    if (result.ignored) ignored = true;
    else if (result.unignored) ignored = false;
  }
  return ignored;
}
