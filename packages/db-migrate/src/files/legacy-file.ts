import { createHash, type Hash } from 'node:crypto';
import { type BigIntStats, fstatSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { formatTimestamp, type OpenFolder } from '@codebuddy/db-core/internal';
import { readInstant } from '../entries/instant.ts';

const CHUNK_BYTES = 256 * 1024;

/** Options of opening a file. */
export interface LegacyFileOptions {
  /** Whether its content is to be compared with what was read of it, and not only its size and time. */
  readonly hashed: boolean;
}

/**
 * A legacy file that is open for reading. It notices if another process changes it meanwhile, so that nothing is stored that
 * was read half before a change and half after it, and no entry that came later is taken for imported.
 */
export class LegacyFile implements AsyncDisposable {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modifiedMs: number;
  readonly #folder: OpenFolder;
  readonly #name: string;
  readonly #handle: FileHandle;
  readonly #opened: BigIntStats;
  readonly #hash: Hash | undefined;
  #digest: string | undefined;
  #hasChanged = false;

  private constructor(path: string, folder: OpenFolder, name: string, handle: FileHandle, hashed: boolean) {
    this.path = path;
    this.#folder = folder;
    this.#name = name;
    this.#handle = handle;
    this.#opened = fstatSync(handle.fd, { bigint: true });
    this.size = Number(this.#opened.size);
    this.modifiedMs = modifiedMsOf(this.#opened);
    this.#hash = hashed ? createHash('sha256') : undefined;
  }

  /**
   * Opens a regular file of a folder, or returns `undefined` if there is none. No link is followed, and nothing waits for the
   * other end of a pipe.
   *
   * @param path - how reports and the ledger call it
   * @throws OutsideRootError when there is a link, or anything but a regular file
   */
  static async open(
    folder: OpenFolder,
    name: string,
    path: string,
    options: LegacyFileOptions,
  ): Promise<LegacyFile | undefined> {
    const handle = await folder.openFile(name);
    return handle === undefined ? undefined : new LegacyFile(path, folder, name, handle, options.hashed);
  }

  /** When it was last changed, as timestamps are stored; a time that these can't hold counts as 1970. */
  get modifiedAt(): string {
    return readInstant(this.modifiedMs) ?? formatTimestamp(0);
  }

  /**
   * Reads the file from its beginning to its end. A chunk is overwritten by the next.
   *
   * @throws FileChangedError when another process has changed the file since it was opened
   */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.size + 1));
    for (let position = 0; ; ) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position);
      this.#refuseChange();
      if (bytesRead === 0) break;
      position += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      this.#hash?.update(chunk);
      yield chunk;
    }
    this.#digest = this.#hash?.digest('hex');
  }

  /**
   * Reads the file whole.
   *
   * @throws FileChangedError when another process has changed the file since it was opened
   */
  async read(): Promise<Uint8Array> {
    const content = await this.#handle.readFile();
    this.#refuseChange();
    this.#digest = this.#hash?.update(content).digest('hex');
    return content;
  }

  /** Tells whether the file is still what was read, if it was read to its end. */
  async state(): Promise<'same' | 'changed' | 'gone'> {
    if (this.#hasChanged) return 'changed';
    const found = await this.#folder.stat(this.#name);
    if (found === undefined) return 'gone';
    return isSameFile(found, this.#opened) ? this.#compareContent() : 'changed';
  }

  /**
   * Renames the file to `.migrated`, or to a name like it if there is one from an earlier import.
   *
   * @returns its new path, or `undefined` if it was changed or taken away in this very moment; it then keeps its name
   */
  async rename(): Promise<string | undefined> {
    const name = await this.#freeName(`${this.#name}.migrated`);
    await this.#folder.rename(this.#name, this.#folder, name);
    const renamed = await this.#folder.stat(name);
    if (renamed !== undefined && isSameFile(renamed, this.#opened)) return this.#pathOf(name);
    if ((await this.#folder.stat(this.#name)) === undefined) await this.#folder.rename(name, this.#folder, this.#name);
    return undefined;
  }

  /** Closes the file; its state can be asked for afterwards, and it can be renamed. */
  close(): Promise<void> {
    return this.#handle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #refuseChange(): void {
    if (isSameFile(fstatSync(this.#handle.fd, { bigint: true }), this.#opened)) return;
    this.#hasChanged = true;
    throw new FileChangedError();
  }

  async #compareContent(): Promise<'same' | 'changed' | 'gone'> {
    if (this.#digest === undefined) return 'same';
    const again = await LegacyFile.open(this.#folder, this.#name, this.path, { hashed: true });
    // Another process has renamed it in this moment.
    if (again === undefined) return 'gone';
    try {
      if (!isSameFile(again.#opened, this.#opened)) return 'changed';
      for await (const _ of again.chunks());
    } catch (error) {
      if (error instanceof FileChangedError) return 'changed';
      throw error;
    } finally {
      await again.close();
    }
    return again.#digest === this.#digest ? 'same' : 'changed';
  }

  async #freeName(wanted: string): Promise<string> {
    let name = wanted;
    for (let count = 2; (await this.#folder.stat(name)) !== undefined; count++) name = `${wanted}.${count}`;
    return name;
  }

  #pathOf(name: string): string {
    return this.path.slice(0, this.path.length - this.#name.length) + name;
  }
}

/** Ends the reading of a file that another process changes. */
export class FileChangedError extends Error {}

/** When a file was last changed: milliseconds since 1970-01-01 UTC, with a fraction, as `Stats.mtimeMs` has it. */
export function modifiedMsOf({ mtimeNs }: BigIntStats): number {
  return Number(mtimeNs / 1_000_000_000n) * 1_000 + Number(mtimeNs % 1_000_000_000n) / 1_000_000;
}

function isSameFile(one: BigIntStats, other: BigIntStats): boolean {
  return one.dev === other.dev && one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs;
}
