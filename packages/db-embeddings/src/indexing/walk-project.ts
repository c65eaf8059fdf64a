import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The rules of one `.gitignore`, and the folder they are for. */
interface IgnoreRules {
  /** Relative to the project, ending in `/`, or empty for the project itself. */
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * Finds the files of a project that git would not ignore, as paths relative to it with `/` between their parts, folder by
 * folder in the order of their names. Symbolic links and git's own folder are passed over.
 */
export async function* walkProject(root: string, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
  yield* walkFolder(root, '', [], signal);
}

async function* walkFolder(
  root: string,
  folder: string,
  inherited: readonly IgnoreRules[],
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  signal?.throwIfAborted();
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const own = await readRules(root, folder, entries);
  const rules = own === undefined ? inherited : [...inherited, own];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder + entry.name;
    if (entry.isDirectory()) {
      if (entry.name !== '.git' && !isIgnored(`${path}/`, rules)) yield* walkFolder(root, `${path}/`, rules, signal);
    } else if (entry.isFile() && !isIgnored(path, rules)) yield path;
  }
}

async function readRules(root: string, folder: string, entries: readonly Dirent[]): Promise<IgnoreRules | undefined> {
  if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return undefined;
  return { folder, rules: ignore().add(await readFile(join(root, folder, '.gitignore'), 'utf8')) };
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
