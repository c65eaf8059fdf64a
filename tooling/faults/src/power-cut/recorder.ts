import { resolve } from 'node:path';
import { applyChanges, type Change, type DiskEvent, type DiskLog, filesOf, type RecordedFile } from './disk-log.ts';
import { bytesOf, type SystemCall, textOf } from './system-calls.ts';

interface OpenFile {
  readonly path: string;
  /** Absent for a folder, and for what lies elsewhere. */
  readonly file: RecordedFile | undefined;
  position: number;
}

const STANDARD_OUTPUT = 1;

/** Follows the calls of a process, and keeps what they do to the files of one folder. */
export class Recorder {
  readonly #folder: string;
  readonly #start: Pick<DiskLog, 'folders' | 'before'>;
  readonly #names: Map<string, RecordedFile>;
  readonly #changes = new Map<RecordedFile, Change[]>();
  readonly #open = new Map<number, OpenFile>();
  readonly #events: DiskEvent[] = [];

  /** @param folder - its real path; its files are read now, before the process begins */
  constructor(folder: string) {
    this.#folder = `${folder}/`;
    this.#start = filesOf(folder);
    this.#names = new Map(this.#start.before);
  }

  /** Returns what happened in the folder. */
  follow(calls: readonly SystemCall[]): DiskLog {
    for (const call of calls) if (call.result >= 0) this.#follow(call);
    return { ...this.#start, events: this.#events };
  }

  #follow({ name, args, result }: SystemCall): void {
    const [first, second, third, fourth] = args;
    if (name === 'open') this.#opened(this.#pathOf(first), second, result);
    else if (name === 'openat') this.#opened(this.#pathOf(second, first), third, result);
    else if (name === 'close') this.#open.delete(Number(first));
    else if (name === 'write') this.#wrote(first, bytesOf(second).subarray(0, result));
    else if (name === 'pwrite64') this.#wrote(first, bytesOf(second).subarray(0, result), Number(fourth));
    else if (name === 'copy_file_range') this.#copied(first, second, third, result);
    else if (name === 'sendfile') this.#copied(second, third, first, result);
    else if (name === 'ftruncate') this.#changed(this.#open.get(Number(first))?.file, { length: Number(second) });
    else if (name === 'fsync' || name === 'fdatasync') this.#synced(first);
    else if (name === 'rename') this.#renamed(this.#pathOf(first), this.#pathOf(second));
    else if (name === 'renameat' || name === 'renameat2')
      this.#renamed(this.#pathOf(second, first), this.#pathOf(fourth, third));
    else if (name === 'link') this.#linked(this.#pathOf(first), this.#pathOf(second));
    else if (name === 'linkat') this.#linked(this.#pathOf(second, first), this.#pathOf(fourth, third));
    else if (name === 'unlink') this.#named([[this.#pathOf(first), undefined]]);
    else if (name === 'unlinkat') this.#named([[this.#pathOf(second, first), undefined]]);
    else if (this.#open.get(Number(first))?.file !== undefined) throw new Error(`${name} can't be followed`);
  }

  /** A path, which may be relative to an open folder or lead through the name of one below `/proc`. */
  #pathOf(argument: string | undefined, folder?: string): string {
    const path = textOf(argument);
    const through = /^\/proc\/(?:self|\d+)\/fd\/(\d+)(.*)$/.exec(path);
    if (through !== null) return `${this.#open.get(Number(through[1]))?.path ?? ''}${through[2]}`;
    return resolve(this.#open.get(Number(folder))?.path ?? '/', path);
  }

  #opened(path: string, flags = '', descriptor: number): void {
    const known = this.#names.get(this.#nameOf(path));
    const isNew = known === undefined && flags.includes('O_CREAT') && this.#isInside(path);
    const file = isNew ? { before: Buffer.alloc(0) } : known;
    if (isNew) this.#named([[path, file]]);
    if (flags.includes('O_TRUNC')) this.#changed(file, { length: 0 });
    const position = flags.includes('O_APPEND') && file !== undefined ? this.#contentOf(file).length : 0;
    this.#open.set(descriptor, { path, file, position });
  }

  #wrote(descriptor: string | undefined, data: Buffer, offset?: number): void {
    const open = this.#open.get(Number(descriptor));
    if (open === undefined) {
      if (Number(descriptor) === STANDARD_OUTPUT) this.#events.push({ kind: 'told', text: data.toString() });
      return;
    }
    this.#changed(open.file, { offset: offset ?? open.position, data });
    if (offset === undefined) open.position += data.length;
  }

  #copied(from: string | undefined, fromOffset: string | undefined, to: string | undefined, length: number): void {
    const source = this.#open.get(Number(from))?.file;
    const start = Number(/\d+/.exec(fromOffset ?? '')?.[0] ?? 0);
    if (source !== undefined) this.#wrote(to, this.#contentOf(source).subarray(start, start + length));
  }

  #synced(descriptor: string | undefined): void {
    const open = this.#open.get(Number(descriptor));
    if (open !== undefined && this.#isInside(`${open.path}/`)) this.#events.push({ kind: 'synced', file: open.file });
  }

  #renamed(from: string, to: string): void {
    const file = this.#names.get(this.#nameOf(from));
    this.#named([
      [from, undefined],
      [to, file],
    ]);
  }

  #linked(from: string, to: string): void {
    this.#named([[to, this.#names.get(this.#nameOf(from))]]);
  }

  #named(paths: readonly (readonly [path: string, file: RecordedFile | undefined])[]): void {
    const names = paths
      .filter(([path]) => this.#isInside(path))
      .map(([path, file]): [string, RecordedFile | undefined] => [this.#nameOf(path), file]);
    for (const [name, file] of names) {
      if (file === undefined) this.#names.delete(name);
      else this.#names.set(name, file);
    }
    if (names.length > 0) this.#events.push({ kind: 'named', names });
  }

  #changed(file: RecordedFile | undefined, change: Change): void {
    if (file === undefined) return;
    const changes = this.#changes.get(file) ?? [];
    this.#changes.set(file, changes);
    changes.push(change);
    this.#events.push({ kind: 'changed', file, change });
  }

  #contentOf(file: RecordedFile): Buffer {
    return applyChanges(file.before, this.#changes.get(file) ?? []);
  }

  #isInside(path: string): boolean {
    return path.startsWith(this.#folder);
  }

  #nameOf(path: string): string {
    return path.slice(this.#folder.length);
  }
}
