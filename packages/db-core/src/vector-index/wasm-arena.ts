import { loadKernels } from './kernels/load-kernels.ts';
import { pageBits, type VectorKernels } from './kernels/vector-kernels.ts';

const ALIGNMENT = 16;

/** Hands out addresses in the memory of kernels. Nothing is given back but all at once. */
export class Arena {
  readonly kernels: VectorKernels;
  // No allocation is at 0, so that 0 can stand for none.
  #end = ALIGNMENT;

  constructor(kernels: VectorKernels = loadKernels()) {
    this.kernels = kernels;
  }

  /** Bytes handed out. */
  get size(): number {
    return this.#end;
  }

  /** Frees every allocation, and keeps the memory: waiting for the collector, a successor would take it twice. */
  clear(): void {
    this.#end = ALIGNMENT;
  }

  /** Returns the address of new memory. Views made before may be of no use then. */
  allocate(bytes: number): number {
    const address = this.#end;
    this.#end = address + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    this.kernels.memory.grow(this.#end);
    return address;
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.kernels.memory.buffer, address, length);
  }

  shorts(address: number, length: number): Uint16Array {
    return new Uint16Array(this.kernels.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.kernels.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.kernels.memory.buffer, address, length);
  }

  doubles(address: number, length: number): Float64Array {
    return new Float64Array(this.kernels.memory.buffer, address, length);
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, address, length);
  }
}

/** Some rows: the address of their slots in the arena, and how many there are. At address 0, all rows. */
export interface SlotList {
  readonly address: number;
  readonly count: number;
}

/** Memory in an arena that is made anew, and larger, when more is asked for than it has. */
export class Scratch {
  readonly #arena: Arena;
  #address = 0;
  #bytes = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** Returns the address of at least this many bytes; what they held may be lost. */
  reserve(bytes: number): number {
    if (bytes > this.#bytes) {
      // The old memory is lost to the arena: what outgrew it once is likely to grow on.
      this.#bytes = bytes + (this.#bytes === 0 ? bytes >> 4 : bytes >> 1);
      this.#address = this.#arena.allocate(this.#bytes);
    }
    return this.#address;
  }
}

/** Rows of one width in pages, so that they never move as their number grows. */
export class PagedRows {
  /** Bytes of a row. */
  readonly width: number;
  readonly #arena: Arena;
  /** Rows of a page, as a power of 2. */
  readonly #pageBits: number;
  readonly #addresses: number[] = [];
  #table = 0;
  #tableLength = 0;

  constructor(arena: Arena, width: number) {
    this.#arena = arena;
    this.width = width;
    this.#pageBits = pageBits(width);
  }

  /** The address of the table of pages, which kernels take. */
  get pages(): number {
    return this.#table;
  }

  /** Makes room for rows up to a number. */
  ensure(rows: number): void {
    const pages = Math.ceil(rows / 2 ** this.#pageBits);
    if (pages <= this.#addresses.length) return;
    const pageBytes = this.width * 2 ** this.#pageBits;
    while (this.#addresses.length < pages) this.#addresses.push(this.#arena.allocate(pageBytes));
    if (pages > this.#tableLength) {
      this.#tableLength = Math.max(64, pages * 2);
      this.#table = this.#arena.allocate(this.#tableLength * 4);
    }
    this.#arena.words(this.#table, this.#addresses.length).set(this.#addresses);
  }

  /** Returns how many bytes so many rows take. */
  bytesFor(rows: number): number {
    const pageRows = 2 ** this.#pageBits;
    return Math.ceil(rows / pageRows) * pageRows * this.width;
  }

  /** Returns the address of a row. */
  address(slot: number): number {
    return (this.#addresses[slot >>> this.#pageBits] ?? 0) + this.#inPage(slot) * this.width;
  }

  /** Writes consecutive rows, whatever pages they lie in. */
  write(slot: number, rows: Uint8Array): void {
    for (let offset = 0; offset < rows.length; ) {
      const row = slot + offset / this.width;
      const length = Math.min((2 ** this.#pageBits - this.#inPage(row)) * this.width, rows.length - offset);
      this.#arena.bytes(this.address(row), length).set(rows.subarray(offset, offset + length));
      offset += length;
    }
  }

  /** Copies a row over another. */
  copy(from: number, to: number): void {
    this.#arena.bytes(this.address(to), this.width).set(this.#arena.bytes(this.address(from), this.width));
  }

  #inPage(slot: number): number {
    return slot & (2 ** this.#pageBits - 1);
  }
}
