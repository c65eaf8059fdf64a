import { realpathSync } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname } from 'node:path';

/** A call that changes files, or waits until a change is on the disk. */
export interface FileCall {
  readonly call: 'create' | 'write' | 'rename' | 'unlink' | 'mkdir' | 'rmdir' | 'sync';
  /** The file or folder; that from which a file is renamed. */
  readonly path: string;
  /** The path that a file is renamed to. */
  readonly to?: string;
}

/** Notes the calls on files of all that runs until the end of its `using` block. */
export class FileCalls {
  readonly calls: FileCall[] = [];
  readonly #undo: (() => void)[] = [];
  readonly #paths = new WeakMap<object, string>();

  static async start(): Promise<FileCalls> {
    const file = await fs.open('.');
    const prototype: FileHandle = Object.getPrototypeOf(file);
    await file.close();
    return new FileCalls(prototype);
  }

  private constructor(prototype: FileHandle) {
    const paths = this.#paths;
    const { open, rename, unlink, mkdir, rmdir } = fs;
    const { sync, writeFile } = prototype;
    const note = (call: FileCall['call'], path: string, to?: string) =>
      this.calls.push({ call, path, ...(to === undefined ? {} : { to }) });
    this.#replace(fs, {
      async open(path: string, flags: number, mode?: number) {
        const real = realPathOf(path);
        const file = await open(path, flags, mode);
        paths.set(file, real);
        if (mode !== undefined) note('create', real);
        return file;
      },
      rename(from: string, to: string) {
        note('rename', realPathOf(from), realPathOf(to));
        return rename(from, to);
      },
      unlink(path: string) {
        note('unlink', realPathOf(path));
        return unlink(path);
      },
      mkdir(path: string) {
        note('mkdir', realPathOf(path));
        return mkdir(path);
      },
      rmdir(path: string) {
        note('rmdir', realPathOf(path));
        return rmdir(path);
      },
    });
    this.#replace(prototype, {
      sync(this: FileHandle) {
        note('sync', paths.get(this) ?? '');
        return sync.call(this);
      },
      writeFile(this: FileHandle, content: Uint8Array) {
        note('write', paths.get(this) ?? '');
        return writeFile.call(this, content);
      },
    });
    syncBuiltinESMExports();
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo) undo();
    syncBuiltinESMExports();
  }

  #replace(owner: object, calls: Readonly<Record<string, unknown>>): void {
    for (const [name, call] of Object.entries(calls)) {
      const original: unknown = Reflect.get(owner, name);
      Reflect.set(owner, name, call);
      this.#undo.push(() => Reflect.set(owner, name, original));
    }
  }
}

/** Follows the descriptor of a folder to its path. */
function realPathOf(path: string): string {
  return path === '/' ? path : `${realpathSync(dirname(path))}/${basename(path)}`;
}
