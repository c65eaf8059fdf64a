import {
  type AttributeBlock,
  AttributeColumns,
  type Attributes,
  type Condition,
  capacityFor,
  enlarged,
} from './attributes.ts';
import { FACTORS, type Precision } from './block-format.ts';
import { QuantizedQuery } from './quantized-query.ts';
import { Quantizer } from './quantizer.ts';
import { Arena, PagedRows, Scratch, type SlotList } from './wasm-arena.ts';

/** Bytes of a one-bit code that are looked at first. */
const FRONT_BYTES = 16;

/** Key, factors, attributes, and the lists of a search. */
const BYTES_BESIDES_CODES = 80;

/** Rows as blocks of the database hold them. */
export interface EncodedRows {
  /** In ascending order. */
  readonly keys: Float64Array;
  readonly attributes: AttributeBlock;
  /** Three for each row: see `quantize` in the kernels. */
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
  readonly bits1: PagedRows;
  /** The first 128 bits of each one-bit code, which are looked at first. */
  readonly fronts: PagedRows;
  readonly precision: Precision;
  readonly high: PagedRows | undefined;
  readonly low: PagedRows | undefined;
  readonly attributes: AttributeColumns;
  /** Space that searches use. */
  readonly scratch: Readonly<
    Record<'list' | 'distances' | 'histogram' | 'probes' | 'front' | 'nearer' | 'dots' | 'lowDots' | 'bounds', Scratch>
  >;

  readonly #quantizer: Quantizer;
  readonly #addresses: { bits1: number; high: number; low: number; factors: number };
  #count = 0;
  #keys = new Float64Array();
  #factors = new Float32Array();
  #largestKey = Number.NEGATIVE_INFINITY;
  #slots: Map<number, number> | undefined;

  constructor({ dimensions, centroid, keyword, numeric, precision, arena = new Arena() }: InMemoryIndexOptions) {
    this.arena = arena;
    this.precision = precision;
    this.#quantizer = new Quantizer(this.arena, dimensions, centroid);
    const { width } = this.#quantizer;
    this.query = new QuantizedQuery(this.arena, this.#quantizer);
    this.bits1 = new PagedRows(this.arena, width / 8);
    this.fronts = new PagedRows(this.arena, FRONT_BYTES);
    this.high = precision === 'bits1' ? undefined : new PagedRows(this.arena, width / 2);
    this.low = precision === 'bits8' ? new PagedRows(this.arena, width / 2) : undefined;
    this.attributes = new AttributeColumns(this.arena, keyword, numeric);
    const unused = this.arena.allocate(width / 2);
    this.#addresses = { bits1: 0, high: unused, low: unused, factors: this.arena.allocate(FACTORS * 4) };
    const scratch = () => new Scratch(this.arena);
    this.scratch = {
      list: scratch(),
      distances: scratch(),
      histogram: scratch(),
      nearer: scratch(),
      front: scratch(),
      probes: scratch(),
      dots: scratch(),
      lowDots: scratch(),
      bounds: scratch(),
    };
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

  /** Step, error of 4 bits and error of 8 bits by slot. */
  get factors(): Float32Array {
    return this.#factors;
  }

  /** Returns the slot of a key. */
  slotOf(key: number): number | undefined {
    if (key > this.#largestKey) return undefined;
    return this.#slotMap().get(key);
  }

  /** Makes room for rows up to a number. */
  ensure(rows: number): void {
    this.bits1.ensure(rows);
    this.fronts.ensure(rows);
    this.high?.ensure(rows);
    this.low?.ensure(rows);
    this.attributes.ensure(rows);
    if (rows > this.#keys.length) {
      this.#keys = enlarged(this.#keys, new Float64Array(capacityFor(rows)));
      this.#factors = enlarged(this.#factors, new Float32Array(capacityFor(rows) * FACTORS));
    }
  }

  /** Estimates the bytes that a number of rows take, what searches need included. */
  expectedSize(rows: number): number {
    const codes = this.bits1.width + FRONT_BYTES + (this.high?.width ?? 0) + (this.low?.width ?? 0);
    return rows * (codes + BYTES_BESIDES_CODES);
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
    addresses.bits1 = this.bits1.address(slot);
    if (this.high !== undefined) addresses.high = this.high.address(slot);
    if (this.low !== undefined) addresses.low = this.low.address(slot);
    this.#quantizer.encode(vector, addresses);
    this.#copyFronts(slot, 1);
    this.#factors.set(this.arena.floats(addresses.factors, FACTORS), slot * FACTORS);
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
    this.attributes.write(first, rows.attributes);
    this.bits1.write(first, rows.bits1);
    this.#copyFronts(first, rows.keys.length);
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
      this.attributes.copy(last, slot);
      this.bits1.copy(last, slot);
      this.fronts.copy(last, slot);
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

  #copyFronts(first: number, count: number): void {
    const { bits1, fronts } = this;
    this.arena.kernels.copyFronts(first, count, bits1.pages, bits1.width, fronts.pages);
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
