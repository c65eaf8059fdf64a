import { optionalInteger, requireObject } from '../validation.ts';

/** Something that takes much memory and can be made again. */
export interface Resident {
  /** Bytes taken. */
  readonly size: number;
  /** Lets it go. */
  drop(): void;
}

/** How much memory vector search may take in this process. */
export interface VectorMemoryOptions {
  /** Bytes in all. What does not fit is read from the database, block by block, for each search. Default: 1 GiB. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds without a search after which the memory is given back. Default: 5 minutes. */
  readonly idleMs?: number | undefined;
}

/** Keeps the memory of all residents together within a bound; the one used longest ago goes first. */
class ResidentPool {
  /** In the order of their last use. */
  readonly #residents = new Map<Resident, number>();
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

  /** Bytes that all residents take. */
  get size(): number {
    let bytes = 0;
    for (const resident of this.#residents.keys()) bytes += resident.size;
    return bytes;
  }

  /** Makes room for a newcomer, and tells whether there is enough. */
  admits(bytes: number): boolean {
    if (bytes > this.#maxBytes) return false;
    this.#makeRoom(bytes);
    return true;
  }

  /** Notes that a resident was used. */
  touch(resident: Resident): void {
    this.#residents.delete(resident);
    this.#residents.set(resident, Date.now());
    this.#watch();
  }

  remove(resident: Resident): void {
    this.#residents.delete(resident);
  }

  #makeRoom(bytes: number): void {
    let excess = this.size + bytes - this.#maxBytes;
    for (const resident of this.#residents.keys()) {
      if (excess <= 0) return;
      excess -= resident.size;
      this.#drop(resident);
    }
  }

  #dropIdle(): void {
    const before = Date.now() - this.#idleMs;
    for (const [resident, lastUsed] of this.#residents) if (lastUsed <= before) this.#drop(resident);
  }

  #drop(resident: Resident): void {
    this.#residents.delete(resident);
    resident.drop();
  }

  #watch(): void {
    if (this.#timer !== undefined || this.#residents.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#dropIdle();
      this.#watch();
    }, this.#idleMs);
    // Memory that is no longer needed must not keep a process alive.
    this.#timer.unref();
  }
}

/** The one pool of this process. */
export const residentPool = new ResidentPool();

/** Bounds the memory that vector search takes in this process, for all databases together. */
export function configureVectorMemory(options: VectorMemoryOptions): void {
  const { maxBytes, idleMs } = requireObject(options, 'options');
  optionalInteger(maxBytes, 'maxBytes', { min: 0 });
  optionalInteger(idleMs, 'idleMs', { min: 0, max: 2 ** 31 - 1 });
  residentPool.configure({ maxBytes, idleMs });
}

/** Returns how many bytes vector search takes in this process now. */
export function vectorMemoryBytes(): number {
  return residentPool.size;
}
