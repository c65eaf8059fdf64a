/** Returns the folders that a path leads through: `a` and `a/b` for `a/b/c`. */
export function foldersOnTheWay(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Returns the folders that some paths lead through, as far as they are among certain folders or lie in one of them. */
export function foldersWithin(paths: readonly string[], folders: readonly string[]): string[] {
  return paths
    .flatMap(foldersOnTheWay)
    .filter((each) => folders.some((folder) => each === folder || each.startsWith(`${folder}/`)));
}
