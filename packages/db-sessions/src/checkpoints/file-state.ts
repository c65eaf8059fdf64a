import type { CheckpointFile } from '@codebuddy/db-core';

/** The state of one path: a file, or none if there is no hash. */
export interface FileState {
  /** SHA-256 of the content, in hexadecimal. */
  readonly hash?: string;
  /** The permission bits; absent if any will do. */
  readonly mode?: number;
}

/** Never restored: a file that takes on its owner's rights is made by whoever means it to. */
const PERMISSIONS = 0o777;

/** Windows knows of the permission bits whether the owner may write, and no more. */
const OWNER_MAY_WRITE = 0o200;

/** Returns the state that a row of a checkpoint describes, without setuid, setgid and sticky bits. */
export function stateOf({ content_hash: hash, mode }: CheckpointFile): FileState {
  if (hash === undefined) return {};
  return mode === undefined ? { hash } : { hash, mode: permissionsOf(mode) };
}

/** Returns the permission bits of a mode. */
export function permissionsOf(mode: number): number {
  return mode & PERMISSIONS;
}

/** Returns whether a path is as it is wanted. */
export function isInState(found: FileState, wanted: FileState): boolean {
  if (found.hash !== wanted.hash) return false;
  return found.mode === undefined || wanted.mode === undefined || areSamePermissions(found.mode, wanted.mode);
}

function areSamePermissions(one: number, other: number): boolean {
  const known = process.platform === 'win32' ? OWNER_MAY_WRITE : PERMISSIONS;
  return (one & known) === (other & known);
}
