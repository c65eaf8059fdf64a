import {
  type AttributeBlock,
  AttributeColumns,
  type Attributes,
  type Condition,
  capacityFor,
  enlarged,
} from './attributes.ts';
import { FACTORS, FRONT_BYTES, type Precision } from './block-format.ts';
import { QuantizedQuery } from './quantized-query.ts';
import { Quantizer } from './quantizer.ts';
import { makeScratch, type SearchScratch } from './search-scratch.ts';
import { Arena, PagedRows, type SlotList } from './wasm-arena.ts';

/** Bytes that the lists of a search take for each row. */
const SCRATCH_BYTES = 32;

/** Rows as blocks of the database hold them. */
export interface EncodedRows {
  /** In ascending order. */
  readonly keys: Float64Array;
  readonly attributes: AttributeBlock;
  /** See `FACTORS`. */
  readonly factors: Float32Array;
  readonly bits1: Uint8Array;
  /** Absent if codes are not held. */
  readonly high: Uint8Array | undefined;
  readonly low: Uint8Array | undefined;
}

/** The parameters of an {@link InMemoryIndex}. */
export interface InMemoryIndexOptions {
  readonly dimensions: number;
  readonly centroid: Float32Array | undefined;
  readonly keyword: readonly string[];
  readonly numeric: readonly string[];
  readonly precision: Precision;
  /** An empty one to use. */
  readonly arena?: Arena | undefined;
}

/** The codes of all vectors of one model, in memory, dense: a row that goes is replaced by the last. */
export class InMemoryIndex {
  readonly arena: Arena;
  readonly query: QuantizedQuery;
  /** The first 128 bits of each one-bit code, which are looked at first. */
  readonly fronts: PagedRows;
  /** The other bits of each one-bit code. */
  readonly rests: PagedRows;
  readonly precision: Precision;
  readonly high: PagedRows | undefined;
  readonly low: PagedRows | undefined;
  /** The lengths of residuals, which kernels take. */
  readonly lengths: PagedRows;
  readonly attributes: AttributeColumns;
  /** Memory that searches use. */
  readonly scratch: SearchScratch;

  readonly #quantizer: Quantizer;
  readonly #addresses: { front: number; rest: number; high: number; low: number; factors: number };
  #count = 0;
  #keys = new Float64Array();
  #factors = new Float32Array();
  #largestKey = Number.NEGATIVE_INFINITY;
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;
  #slots: Map<number, number> | undefined;

  constructor({ dimensions, centroid, keyword, numeric, precision, arena = new Arena() }: InMemoryIndexOptions) {
    this.arena = arena;
    this.precision = precision;
    this.#quantizer = new Quantizer(this.arena, dimensions, centroid);
    const { width } = this.#quantizer;
    this.query = new QuantizedQuery(this.arena, this.#quantizer);
    this.fronts = new PagedRows(this.arena, FRONT_BYTES);
    this.rests = new PagedRows(this.arena, width / 8 - FRONT_BYTES);
    this.high = precision === 'bits1' ? undefined : new PagedRows(this.arena, width / 2);
    this.low = precision === 'bits8' ? new PagedRows(this.arena, width / 2) : undefined;
    this.lengths = new PagedRows(this.arena, Float32Array.BYTES_PER_ELEMENT);
    this.attributes = new AttributeColumns(this.arena, keyword, numeric);
    const unused = this.arena.allocate(width / 2);
    this.#addresses = { front: 0, rest: 0, high: unused, low: unused, factors: this.arena.allocate(FACTORS * 4) };
    this.scratch = makeScratch(this.arena);
  }

  /** Rows held. */
  get count(): number {
    return this.#count;
  }

  /** Dimensions of the codes. */
  get width(): number {
    return this.#quantizer.width;
  }

  /** Bytes taken. */
  get size(): number {
    const slots = this.#slots === undefined ? 0 : this.#slots.size * 40;
    return this.arena.size + this.#keys.byteLength + this.#factors.byteLength + this.attributes.size + slots;
  }

  /** The keys by slot. */
  get keys(): Float64Array {
    return this.#keys;
  }

  /** Six numbers for each slot: see `FACTORS`. */
  get factors(): Float32Array {
    return this.#factors;
  }

  /** No residual is shorter or longer, though those that were may be gone. */
  get lengthRange(): { readonly shortest: number; readonly longest: number } {
    return { shortest: this.#shortest, longest: this.#longest };
  }

  /** Returns the slot of a key. */
  slotOf(key: number): number | undefined {
    if (key > this.#largestKey) return undefined;
    return this.#slotMap().get(key);
  }

  /** Makes room for rows up to a number. */
  ensure(rows: number): void {
    this.fronts.ensure(rows);
    this.rests.ensure(rows);
    this.high?.ensure(rows);
    this.low?.ensure(rows);
    this.lengths.ensure(rows);
    this.attributes.ensure(rows);
    if (rows > this.#keys.length) {
      this.#keys = enlarged(this.#keys, new Float64Array(capacityFor(rows)));
      this.#factors = enlarged(this.#factors, new Float32Array(capacityFor(rows) * FACTORS));
    }
  }

  /** Estimates the bytes that this takes with a number of rows, searches included. */
  expectedSize(rows: number): number {
    const planes = [this.fronts, this.rests, this.high, this.low, this.lengths];
    const codes = planes.reduce((sum, plane) => sum + (plane?.bytesFor(rows) ?? 0), 0);
    const columns = capacityFor(rows) * (FACTORS * 4 + 8) + this.attributes.expectedSize(rows);
    return this.arena.size + codes + columns + rows * SCRATCH_BYTES;
  }

  /** Lists the rows that pass, in scratch space. */
  list(conditions: readonly Condition[], keys: readonly number[] | undefined): SlotList {
    const restricting = this.attributes.restricting(conditions);
    if (keys === undefined && restricting.length === 0) return { address: 0, count: this.#count };
    const address = this.scratch.list.reserve(this.#keys.length * 4);
    const given = keys === undefined ? { address: 0, count: this.#count } : this.#listKeys(keys, address);
    return this.attributes.keepPassing(given, restricting, address);
  }

  /** Returns the listed slots; `undefined` if the list is of all rows, each at its own place. */
  slots({ address, count }: SlotList): Uint32Array | undefined {
    return address === 0 ? undefined : this.arena.words(address, count);
  }

  /** Returns the keys of listed rows. */
  keysOf({ address, count }: SlotList): number[] {
    const slots = this.slots({ address, count });
    return slots === undefined
      ? [...this.#keys.subarray(0, count)]
      : Array.from(slots, (slot) => this.#keys[slot] ?? 0);
  }

  /** Puts a vector in place of the one that its key had, if any. */
  put(key: number, vector: Uint8Array, attributes: Attributes): void {
    const slot = this.slotOf(key) ?? this.#append(key);
    const addresses = this.#addresses;
    addresses.front = this.fronts.address(slot);
    addresses.rest = this.rests.address(slot);
    if (this.high !== undefined) addresses.high = this.high.address(slot);
    if (this.low !== undefined) addresses.low = this.low.address(slot);
    this.#quantizer.encode(vector, addresses);
    this.#factors.set(this.arena.floats(addresses.factors, FACTORS), slot * FACTORS);
    this.#writeLengths(slot, 1);
    this.attributes.set(slot, attributes);
  }

  /** Adds rows that are not held yet. */
  append(rows: EncodedRows): void {
    const first = this.#count;
    const count = first + rows.keys.length;
    this.ensure(count);
    this.#count = count;
    this.#keys.set(rows.keys, first);
    this.#largestKey = Math.max(this.#largestKey, rows.keys.at(-1) ?? this.#largestKey);
    this.#slots = undefined;
    this.#factors.set(rows.factors, first * FACTORS);
    this.#writeLengths(first, rows.keys.length);
    this.attributes.write(first, rows.attributes);
    this.#writeBits1(first, rows.bits1);
    if (rows.high !== undefined) this.high?.write(first, rows.high);
    if (rows.low !== undefined) this.low?.write(first, rows.low);
  }

  /** Takes a row away. */
  remove(key: number): void {
    const slot = this.slotOf(key);
    if (slot === undefined) return;
    const last = this.#count - 1;
    if (slot !== last) {
      const lastKey = this.#keys[last] ?? 0;
      this.#keys[slot] = lastKey;
      this.#slotMap().set(lastKey, slot);
      this.#factors.copyWithin(slot * FACTORS, last * FACTORS, (last + 1) * FACTORS);
      this.lengths.copy(last, slot);
      this.attributes.copy(last, slot);
      this.fronts.copy(last, slot);
      this.rests.copy(last, slot);
      this.high?.copy(last, slot);
      this.low?.copy(last, slot);
    }
    this.#slotMap().delete(key);
    this.#count = last;
  }

  /** Forgets every row, and keeps the space they took. */
  clear(): void {
    this.#count = 0;
    this.#largestKey = Number.NEGATIVE_INFINITY;
    this.#shortest = Number.POSITIVE_INFINITY;
    this.#longest = 0;
    this.#slots = undefined;
  }

  #listKeys(keys: readonly number[], address: number): SlotList {
    const list = this.arena.words(address, this.#count);
    let count = 0;
    for (const key of new Set(keys)) {
      const slot = this.slotOf(key);
      if (slot !== undefined) list[count++] = slot;
    }
    return { address, count };
  }

  #writeLengths(first: number, count: number): void {
    const lengths = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const length = this.#factors[(first + i) * FACTORS] ?? 0;
      lengths[i] = length;
      if (length < this.#shortest) this.#shortest = length;
      if (length > this.#longest) this.#longest = length;
    }
    this.lengths.write(first, new Uint8Array(lengths.buffer));
  }

  #writeBits1(first: number, codes: Uint8Array): void {
    const { arena, fronts, rests, scratch } = this;
    const address = scratch.bits1.reserve(codes.length);
    arena.bytes(address, codes.length).set(codes);
    const width = fronts.width + rests.width;
    arena.kernels.splitFronts(address, first, codes.length / width, width, fronts.pages, rests.pages);
  }

  #append(key: number): number {
    const slot = this.#count;
    this.ensure(slot + 1);
    this.#count++;
    this.#keys[slot] = key;
    this.#slots?.set(key, slot);
    if (key > this.#largestKey) this.#largestKey = key;
    return slot;
  }

  /** Made when a row that is held changes for the first time: rows that are only added, or read, don't need it. */
  #slotMap(): Map<number, number> {
    if (this.#slots === undefined) {
      this.#slots = new Map();
      for (let slot = 0; slot < this.#count; slot++) this.#slots.set(this.#keys[slot] ?? 0, slot);
    }
    return this.#slots;
  }
}
