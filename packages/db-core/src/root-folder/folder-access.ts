import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** A way to reach the entries of one open folder. */
export interface FolderAccess {
  /** The path by which calls name the folder itself. */
  readonly location: string;
  /** Runs a call on entries of this folder, and throws if the call may have met those of another one. */
  within<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Opens an entry, and throws if it is not the one that this folder holds under the name. */
  open(name: string, flags: number, mode?: number): Promise<FileHandle>;
  /** Opens a folder in this one, which was described by `stats` before. */
  enter(name: string, stats: BigIntStats): Promise<FolderAccess>;
  /** Waits until the names in the folder are on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The same for every name of a file. */
export function identityOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}
