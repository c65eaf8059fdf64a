/** Characters that macOS passes over in names (HFS+), as git's own check for `.git` knows them. */
const IGNORED_BY_MACOS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** The end of a name that Windows passes over: dots, spaces, and the name of a stream. */
const IGNORED_BY_WINDOWS = /(?::.*|[. ]+)$/;

/**
 * Returns whether a path leads into a folder of git's own, whose hooks git runs. Every spelling counts that some file
 * system takes for `.git` (git's CVE-2014-9390): a checkpoint may be restored on another machine than it was made on.
 */
export function isGitPath(path: string): boolean {
  return path.split('/').some((part) => {
    const name = part.replace(IGNORED_BY_MACOS, '').replace(IGNORED_BY_WINDOWS, '').toLowerCase();
    return name === '.git' || name === 'git~1';
  });
}
