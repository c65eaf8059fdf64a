import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CorruptError } from '../../errors/index.ts';

const MAGIC = 'SQLite format 3\0';

/** SQLite never uses the page that holds this byte. */
const LOCK_BYTE = 2 ** 30;

/** The encodings of text, by the number in the header. */
const ENCODINGS: Readonly<Record<number, string>> = { 1: 'utf-8', 2: 'utf-16le', 3: 'utf-16be' };

/**
 * The pages of a database file, as they lie on the disk (https://www.sqlite.org/fileformat2.html). Pages are counted from 1.
 * Nothing but the header has to be sound.
 */
export class PageFile {
  /** The bytes of a page that hold content. */
  readonly usableBytes: number;
  readonly pageCount: number;
  readonly encoding: string;
  /** The number that `PRAGMA application_id` reads. */
  readonly applicationId: number;
  readonly #file: number;
  readonly #pageBytes: number;
  readonly #firstTrunk: number;
  readonly #freeCount: number;
  readonly #autoVacuums: boolean;

  /** @throws CorruptError when the header is damaged */
  constructor(path: string) {
    this.#file = openSync(path, 'r');
    try {
      const header = Buffer.alloc(100);
      const bytes = readSync(this.#file, header, 0, 100, 0);
      const raw = header.readUInt16BE(16);
      this.#pageBytes = raw === 1 ? 65_536 : raw;
      this.usableBytes = this.#pageBytes - header.readUInt8(20);
      this.encoding = ENCODINGS[header.readUInt32BE(56)] ?? '';
      const isPowerOfTwo = this.#pageBytes >= 512 && (this.#pageBytes & (this.#pageBytes - 1)) === 0;
      if (bytes < 100 || header.toString('latin1', 0, 16) !== MAGIC || !isPowerOfTwo || this.usableBytes < 480) {
        throw new CorruptError(
          'The first page of the file is damaged, which says where everything is. Restore a backup.',
        );
      }
      this.pageCount = Math.floor(fstatSync(this.#file).size / this.#pageBytes);
      this.applicationId = header.readInt32BE(68);
      this.#firstTrunk = header.readUInt32BE(32);
      this.#freeCount = header.readUInt32BE(36);
      this.#autoVacuums = header.readUInt32BE(52) !== 0;
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Reads the content of a page; nothing if the file has no such page. */
  read(page: number): Buffer | undefined {
    if (page < 1 || page > this.pageCount) return undefined;
    const bytes = Buffer.alloc(this.#pageBytes);
    const count = readSync(this.#file, bytes, 0, this.#pageBytes, (page - 1) * this.#pageBytes);
    return count === this.#pageBytes ? bytes.subarray(0, this.usableBytes) : undefined;
  }

  /** Returns whether a page is one that no b-tree ever has. */
  isReserved(page: number): boolean {
    const holdsPointers = this.#autoVacuums && (page - 2) % (Math.floor(this.usableBytes / 5) + 1) === 0;
    return holdsPointers || page === Math.floor(LOCK_BYTE / this.#pageBytes) + 1;
  }

  /** The pages that hold nothing but what was deleted; nothing if the list of them is damaged. */
  freePages(): ReadonlySet<number> | undefined {
    const free = new Set<number>();
    for (let trunk = this.#firstTrunk; trunk !== 0; ) {
      const bytes = this.read(trunk);
      if (bytes === undefined || free.has(trunk)) return undefined;
      free.add(trunk);
      const count = bytes.readUInt32BE(4);
      if (count > this.usableBytes / 4 - 2) return undefined;
      for (let index = 0; index < count; index++) free.add(bytes.readUInt32BE(8 + 4 * index));
      trunk = bytes.readUInt32BE(0);
    }
    return free.size === this.#freeCount ? free : undefined;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
