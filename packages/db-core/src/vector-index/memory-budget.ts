import { readOptions } from '../known-names/known-names.ts';
import { optionalInteger } from '../validation.ts';

/** Something that takes much memory and can be made again. */
export interface Evictable {
  /** Bytes taken. */
  readonly size: number;
  /** Whether nobody can use it any more, since its connection was closed. */
  readonly isOrphan: boolean;
  /** Lets it go. */
  drop(): void;
}

/** The memory that vector search may take in this process. */
export interface VectorMemoryOptions {
  /** Bytes in all. What does not fit is read from the database, block by block, for each search. Default: 1 GiB. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds without a search after which the memory is given back. Default: 5 minutes. */
  readonly idleMs?: number | undefined;
}

/** Keeps the memory of all indexes together within a bound; the one used longest ago goes first. */
class MemoryBudget {
  /** In the order of their last use. */
  readonly #indexes = new Map<Evictable, number>();
  #maxBytes = 2 ** 30;
  #idleMs = 300_000;
  #timer: NodeJS.Timeout | undefined;

  configure({ maxBytes = this.#maxBytes, idleMs = this.#idleMs }: VectorMemoryOptions): void {
    this.#maxBytes = maxBytes;
    this.#idleMs = idleMs;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#makeRoom(0);
    this.#watch();
  }

  /** The most bytes that all indexes may take. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Bytes that all indexes take. */
  get size(): number {
    this.dropOrphans();
    let bytes = 0;
    for (const index of this.#indexes.keys()) bytes += index.size;
    return bytes;
  }

  /** Makes room for a newcomer, and returns whether there is enough. */
  admits(bytes: number): boolean {
    if (bytes > this.#maxBytes) return false;
    this.#makeRoom(bytes);
    return true;
  }

  /** Notes that an index was used, and lets go of indexes if they have grown too large. */
  touch(index: Evictable): void {
    this.#indexes.delete(index);
    this.#indexes.set(index, Date.now());
    this.#makeRoom(0);
    this.#watch();
  }

  /** Lets go of the indexes of closed connections. */
  dropOrphans(): void {
    for (const index of this.#indexes.keys()) if (index.isOrphan) this.#drop(index);
  }

  remove(index: Evictable): void {
    this.#indexes.delete(index);
  }

  #makeRoom(bytes: number): void {
    let excess = this.size + bytes - this.#maxBytes;
    for (const index of this.#indexes.keys()) {
      if (excess <= 0) return;
      excess -= index.size;
      this.#drop(index);
    }
  }

  #dropIdle(): void {
    this.dropOrphans();
    const before = Date.now() - this.#idleMs;
    for (const [index, lastUsed] of this.#indexes) if (lastUsed <= before) this.#drop(index);
  }

  #drop(index: Evictable): void {
    this.#indexes.delete(index);
    index.drop();
  }

  #watch(): void {
    if (this.#timer !== undefined || this.#indexes.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dropIdle();
      this.#watch();
    }, this.#idleMs);
    // Memory that is no longer needed must not keep a process alive.
    this.#timer.unref();
  }
}

/** The one budget of this process. */
export const memoryBudget = new MemoryBudget();

/** Bounds the memory that vector search takes in this process, for all databases together. */
export function configureVectorMemory(options: VectorMemoryOptions): void {
  const { maxBytes, idleMs } = readOptions(options, { maxBytes: true, idleMs: true });
  optionalInteger(maxBytes, 'maxBytes', { min: 0 });
  optionalInteger(idleMs, 'idleMs', { min: 0, max: 2 ** 31 - 1 });
  memoryBudget.configure({ maxBytes, idleMs });
}

/** Returns how many bytes vector search takes in this process now. */
export function vectorMemoryBytes(): number {
  return memoryBudget.size;
}

/** Gives the memory back that the vector indexes of closed connections take. */
export function releaseVectorMemory(): void {
  memoryBudget.dropOrphans();
}
