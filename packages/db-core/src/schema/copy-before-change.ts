import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileStamp } from '../codecs/timestamps.ts';
import { connect } from '../connection/connect.ts';
import type { BackupProgress, Database } from '../connection/driver.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { copyInto } from './backup-copy.ts';

const CHUNK_BYTES = 1 << 20;

/**
 * A copy of a file that is about to change. It gets its name, `agent.db.v3.2026-01-02T03-04-05-678Z.bak`, when the change is
 * about to be committed: a change that fails leaves none, however often it is tried.
 */
export class CopyBeforeChange {
  readonly #unfinished: UnfinishedFile;
  readonly #file: string;
  /** Names the version that the file has, such as `v3`. */
  readonly #label: string;

  private constructor(file: string, label: string) {
    this.#unfinished = new UnfinishedFile(file);
    this.#file = file;
    this.#label = label;
  }

  /** Copies a file through a connection of its own: SQLite can't copy from one that has a transaction open. */
  static async of(
    db: Database,
    label: string,
    onProgress: (progress: BackupProgress) => void,
  ): Promise<CopyBeforeChange> {
    const copy = new CopyBeforeChange(db.name, label);
    const reader = connect(db.name, { readonly: true });
    try {
      await copyInto(copy.#unfinished, reader, onProgress);
      return copy;
    } catch (error) {
      copy[Symbol.dispose]();
      throw error;
    } finally {
      reader.close();
    }
  }

  /** Gives the copy its name, and returns the path; that of an equal one, if a process died before its commit. */
  keep(now: number): string {
    const prefix = `${this.#file}.${this.#label}.`;
    const equal = copiesBeside(prefix).find((path) => isEqual(path, this.#unfinished.path));
    if (equal !== undefined) return equal;
    const wanted = `${prefix}${fileStamp(now)}`;
    let path = `${wanted}.bak`;
    for (let number = 2; existsSync(path); number++) path = `${wanted}-${number}.bak`;
    this.#unfinished.publish(path);
    return path;
  }

  /** Removes the copy, unless it was kept. */
  [Symbol.dispose](): void {
    this.#unfinished[Symbol.dispose]();
  }
}

function copiesBeside(prefix: string): string[] {
  return readdirSync(dirname(prefix))
    .filter((name) => name.startsWith(basename(prefix)) && name.endsWith('.bak'))
    .map((name) => join(dirname(prefix), name));
}

function isEqual(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false;
  const files = [openSync(one, 'r'), openSync(other, 'r')];
  try {
    const chunks = files.map(() => Buffer.alloc(CHUNK_BYTES));
    for (;;) {
      const [a, b] = files.map((file, index) => {
        const chunk = chunks[index] ?? Buffer.alloc(0);
        return chunk.subarray(0, readSync(file, chunk));
      });
      if (a === undefined || b === undefined || !a.equals(b)) return false;
      if (a.length === 0) return true;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}
