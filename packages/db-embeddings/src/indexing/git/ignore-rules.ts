import { bytesOf, type IgnorePattern, parseIgnorePattern } from './ignore-pattern.ts';

/** The patterns of one ignore file, and the folder they are for. */
export interface IgnoreRules {
  /** In bytes, relative to where paths begin, ending in `/`; empty for the top. */
  readonly folder: string;
  readonly patterns: readonly IgnorePattern[];
}

/**
 * Reads an ignore file.
 *
 * @param folder - the folder it is for, relative to where paths begin; empty for the top
 */
export function parseIgnoreRules(content: Buffer, folder: string, ignoreCase: boolean): IgnoreRules {
  const lines = content
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .split('\n');
  return {
    folder: folder === '' ? '' : `${bytesOf(folder)}/`,
    patterns: lines.flatMap((line) => parseIgnorePattern(line.replace(/\r$/, ''), ignoreCase) ?? []),
  };
}

/**
 * Returns whether rules ignore an entry of a folder that they don't ignore: the last pattern that matches decides.
 *
 * @param path - relative to where paths begin
 * @param all - those of folders that the entry lies in, from the least important on: a deeper folder comes after a higher one
 */
export function isIgnored(path: string, isFolder: boolean, all: readonly IgnoreRules[]): boolean {
  const bytes = bytesOf(path);
  const name = bytes.slice(bytes.lastIndexOf('/') + 1);
  for (const { folder, patterns } of all.toReversed()) {
    const below = bytes.slice(folder.length);
    const deciding = patterns.findLast(
      ({ isForFolders, isForNames, expression }) =>
        (isFolder || !isForFolders) && expression.test(isForNames ? name : below),
    );
    if (deciding !== undefined) return !deciding.isNegative;
  }
  return false;
}
