import { expect } from 'vitest';
import type { Entry } from './temporary-project.ts';

/** All that is in a folder, each path with what is there. */
export type Tree = Readonly<Record<string, Entry>>;

/** A tree when some of its paths were saved, and before and after they were restored. */
export interface Restored {
  readonly covered: readonly string[];
  readonly then: Tree;
  readonly edited: Tree;
  readonly restored: Tree;
}

const isFile = (entry: Entry | undefined) => entry !== undefined && /^\d/.test(entry);
const fileAt = (tree: Tree, path: string) => (isFile(tree[path]) ? tree[path] : undefined);
const isIn = (path: string, folder: string) => path.startsWith(`${folder}/`);

/** Tells whether a checkpoint can hold a path: a file or nothing, with no link on the way. */
export function canBeSaved(tree: Tree, path: string): boolean {
  const isOnAnyLink = Object.entries(tree).some(([link, entry]) => entry.startsWith('link') && isIn(path, link));
  return !isOnAnyLink && (tree[path] === undefined || isFile(tree[path]));
}

/** Expects covered paths to be as they were then, and all others as they were before the restore. */
export function expectRestored({ covered, then, edited, restored }: Restored): void {
  const files = covered.filter((path) => isFile(then[path]));
  for (const path of covered) expect(fileAt(restored, path), path).toBe(fileAt(then, path));
  for (const path of new Set([...Object.keys(edited), ...Object.keys(restored)])) {
    if (covered.includes(path) || restored[path] === edited[path]) continue;
    const isOnTheWay = files.some((file) => isIn(file, path));
    const isInTheWay = files.some((file) => file === path || isIn(path, file));
    const wasAbsent = then[path] !== 'folder' && covered.some((each) => isIn(each, path));
    // A folder for a file that is back; in place of a file, perhaps.
    if (restored[path] === 'folder' && isOnTheWay && edited[path]?.startsWith('link') !== true) continue;
    // A folder that is empty now, and was not there then or stood where a file was.
    if (edited[path] === 'folder' && restored[path] === undefined && (isInTheWay || wasAbsent)) continue;
    expect({ [path]: restored[path] }).toEqual({ [path]: edited[path] });
  }
}

/** Expects the tree from before a restore. An empty folder that stood where a file was does not come back. */
export function expectUndone(undone: Tree, { covered, then, edited }: Restored): void {
  const files = covered.filter((path) => isFile(then[path]));
  const isInTheWay = (path: string) => files.some((file) => file === path || isIn(path, file));
  const expected = Object.entries(edited).filter(
    ([path, entry]) => !(entry === 'folder' && undone[path] === undefined && isInTheWay(path)),
  );
  expect(undone).toEqual(Object.fromEntries(expected));
}
