import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** Shows a folder at another place, where not even root can write; it goes on being written where it lies. */
export class ReadOnlyFolder {
  readonly path: string;

  /** @param path - of the folder to show it at, which is made */
  constructor(folder: string, path: string) {
    mkdirSync(path);
    run('mount', '--bind', folder, path);
    this.path = path;
    run('mount', '-o', 'remount,bind,ro', path);
  }

  [Symbol.dispose](): void {
    // A failed test may still have a file open.
    spawnSync('umount', ['--lazy', this.path]);
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`);
}
