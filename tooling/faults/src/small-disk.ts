import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { TemporaryFolder } from '@codebuddy/db-core/testing';

/** A file system of its own that is soon full; unmounted at the end of its `using` block. */
export class SmallDisk {
  readonly path: string;

  /** @param path - of the folder to mount it on, which is made */
  constructor(path: string, bytes: number) {
    mkdirSync(path, { recursive: true });
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
    if (status !== 0) throw new Error(`${path} can't be mounted: ${stderr}`);
    this.path = path;
  }

  [Symbol.dispose](): void {
    // A failed test may still have a file open: the disk then goes away with it.
    spawnSync('umount', ['--lazy', this.path]);
  }
}

/** Returns whether this process may mount a {@link SmallDisk}: containers often forbid it, even to root. */
export function mayMountDisks(): boolean {
  if (process.getuid?.() !== 0) return false;
  using folder = new TemporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100000', 'tmpfs', folder.path]).status !== 0) return false;
  return spawnSync('umount', [folder.path]).status === 0;
}
