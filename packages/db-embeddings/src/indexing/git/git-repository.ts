import { type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isSystemError } from '@codebuddy/db-core/internal';
import { excludesFile, readGitConfig, readIfThere } from './git-config.ts';
import { type IgnoreRules, parseIgnoreRules } from './ignore-rules.ts';
import { readTrackedFiles } from './tracked-files.ts';

/** The rules that a repository has for the files below a folder, or the user where there is no repository. */
export interface GitRepository {
  /** Whether there is one: otherwise only the user's own patterns hold. */
  readonly isPresent: boolean;
  /** The folder's path from the top of its working tree, ending in `/`; empty at the top. Paths of rules begin at the top. */
  readonly prefix: string;
  readonly ignoreCase: boolean;
  /** The rules that hold in the whole folder, from the least important on. */
  readonly rules: readonly IgnoreRules[];
  /** The files that git tracks, by their paths from the top, and the folders that hold them. */
  readonly tracked: { readonly files: ReadonlySet<string>; readonly folders: ReadonlySet<string> };
}

/** Reads what git knows of a folder: that of the repository it is in, whose folder may be higher up. */
export function openRepository(folder: string): GitRepository {
  for (let top = folder; ; top = dirname(top)) {
    const gitFolder = gitFolderOf(top);
    if (gitFolder !== undefined) return readRepository(top, folder, gitFolder);
    if (dirname(top) === top) return withoutRepository();
  }
}

/** Returns whether a folder is the top of a working tree. */
export function isRepository(folder: string): boolean {
  return gitFolderOf(folder) !== undefined;
}

/** The user's own patterns hold without a repository as well. */
function withoutRepository(): GitRepository {
  const config = readGitConfig(undefined);
  const patterns = readIfThere(excludesFile(config));
  return {
    isPresent: false,
    prefix: '',
    ignoreCase: false,
    rules: patterns === undefined ? [] : [parseIgnoreRules(patterns, '', false)],
    tracked: { files: new Set(), folders: new Set() },
  };
}

function readRepository(top: string, folder: string, gitFolder: string): GitRepository {
  // A linked worktree has an index of its own, and shares the rest.
  const shared = readIfThere(join(gitFolder, 'commondir'))?.toString('utf8').trim();
  const common = shared === undefined ? gitFolder : resolve(gitFolder, shared);
  const config = readGitConfig(join(common, 'config'));
  const ignoreCase = config.get('core.ignorecase')?.toLowerCase() === 'true';
  const path = relative(top, folder).split(sep).join('/');
  const above =
    path === '' ? [] : ['', ...path.split('/').slice(0, -1)].map((_, i, parts) => parts.slice(1, i + 1).join('/'));
  const files: [path: string, folder: string][] = [
    [excludesFile(config), ''],
    [join(common, 'info/exclude'), ''],
    ...above.map((parent): [string, string] => [join(top, parent, '.gitignore'), parent]),
  ];
  const hashBytes = config.get('extensions.objectformat') === 'sha256' ? 32 : 20;
  const index = readIfThere(join(gitFolder, 'index'));
  return {
    isPresent: true,
    prefix: path === '' ? '' : `${path}/`,
    ignoreCase,
    rules: files.flatMap(([file, parent]) => {
      const content = readIfThere(file);
      return content === undefined ? [] : [parseIgnoreRules(content, parent, ignoreCase)];
    }),
    tracked: withFolders(index === undefined ? [] : (readTrackedFiles(index, hashBytes) ?? [])),
  };
}

function withFolders(paths: readonly string[]): GitRepository['tracked'] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { files: new Set(paths), folders };
}

/** Finds git's own folder: `.git`, or where a file of that name says (https://git-scm.com/docs/gitrepository-layout). */
function gitFolderOf(top: string): string | undefined {
  const path = join(top, '.git');
  const stats = statIfThere(path);
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return isGitFolder(path) ? path : undefined;
  const target = /^gitdir: (.+?)\n*$/s.exec(readIfThere(path)?.toString('utf8') ?? '')?.[1];
  if (target === undefined) return undefined;
  const folder = isAbsolute(target) ? target : join(top, target);
  return isGitFolder(folder) ? folder : undefined;
}

/** What this process may not look at is not there for it. */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

function isGitFolder(path: string): boolean {
  const has = (folder: string, name: string) => statIfThere(join(folder, name)) !== undefined;
  if (!has(path, 'HEAD')) return false;
  const shared = readIfThere(join(path, 'commondir'))?.toString('utf8').trim();
  const common = shared === undefined ? path : resolve(path, shared);
  return has(common, 'objects') && has(common, 'refs');
}
