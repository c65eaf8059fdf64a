import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TemporaryFolder } from '@codebuddy/db-core/testing';

const IMAGE_BYTES = 32_000_000;

/** The number of copies that are made in search of two equal ones. */
const MAX_COPIES = 20;

/**
 * A real file system in a file (ext4, on a loop device). Its image holds only those writes that the system has passed on to
 * the disk: a copy of it is a disk that lost its power at that moment.
 */
export class LoopDisk {
  readonly path: string;
  readonly #image: string;

  private constructor(image: string, path: string) {
    this.#image = image;
    this.path = path;
    mkdirSync(path, { recursive: true });
    // Without `noauto_da_alloc`, ext4 writes a file's bytes before its new name, for programs that forget to.
    run('mount', '-o', 'loop,noauto_da_alloc', image, path);
  }

  /** Makes an empty disk in a folder. */
  static make(folder: string): LoopDisk {
    const image = join(folder, 'disk.img');
    writeFileSync(image, '');
    truncateSync(image, IMAGE_BYTES);
    run('mkfs.ext4', '-q', image);
    return new LoopDisk(image, join(folder, 'disk'));
  }

  /** Passes all that was written on to the disk. */
  sync(): void {
    run('sync', '-f', this.path);
  }

  /** Writes a file of another program and syncs it: a journal passes on the names of all files with it, and no bytes. */
  syncOtherFile(): void {
    const file = openSync(join(this.path, 'other'), 'w', 0o600);
    writeFileSync(file, 'x');
    fsyncSync(file);
    closeSync(file);
  }

  /**
   * Returns a disk as it is after the power was cut now and came back. It covers this one, at the same path, until it is
   * disposed of. Whoever writes to this one must be stopped.
   *
   * @param folder - an empty folder, for the copy
   */
  cut(folder: string): LoopDisk {
    const [image, again] = [join(folder, 'disk.img'), join(folder, 'again.img')];
    for (let copy = 0; copy < MAX_COPIES; copy++) {
      copyFileSync(this.#image, image);
      copyFileSync(this.#image, again);
      // The system passes things on when it likes: a copy that was made meanwhile is of no one moment.
      if (readFileSync(image).equals(readFileSync(again))) return new LoopDisk(image, this.path);
    }
    throw new Error('The disk is written to all the time');
  }

  [Symbol.dispose](): void {
    // A failed test may still have a file open: the disk then goes away with it.
    run('umount', '--lazy', this.path);
  }
}

/** Returns the reason why a {@link LoopDisk} can't be made here, or `undefined` if it can. */
export function whyNoLoopDisk(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'only root may mount';
  try {
    using folder = new TemporaryFolder();
    using _disk = LoopDisk.make(folder.path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function run(program: string, ...args: string[]): void {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${program} can't be started: ${error.message}`);
  if (status !== 0) throw new Error(`${program} failed: ${stderr.trim()}`);
}
