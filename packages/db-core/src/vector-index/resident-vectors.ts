import { Arena, PagedRows, Scratch, type SlotList } from './arena.ts';
import {
  type AttributeBlock,
  AttributeColumns,
  type Attributes,
  type Condition,
  capacityFor,
  enlarged,
} from './attributes.ts';
import { QueryCode } from './query-code.ts';
import { VectorEncoder } from './vector-encoder.ts';

const FACTORS = 3;

/** Bytes of a sketch that are looked at first. */
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
  readonly sketches: Uint8Array;
  /** Absent where codes are not held. */
  readonly high: Uint8Array | undefined;
  readonly low: Uint8Array | undefined;
}

/**
 * How much of each code is held: its first bit, its first four, or all eight. A process that asks once reads the first
 * bits alone; exact searches need all.
 */
export type Precision = 'sketch' | 'coarse' | 'fine';

/** What {@link ResidentVectors} is made for. */
export interface ResidentOptions {
  readonly dimensions: number;
  readonly centre: Float32Array | undefined;
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  readonly precision: Precision;
  /** An empty one to use. */
  readonly arena?: Arena | undefined;
}

/** The codes of all vectors of one model, in memory, dense: a row that goes is replaced by the last. */
export class ResidentVectors {
  readonly arena: Arena;
  readonly query: QueryCode;
  readonly sketches: PagedRows;
  /** The first 128 bits of each sketch, which are looked at first. */
  readonly fronts: PagedRows;
  readonly precision: Precision;
  readonly high: PagedRows | undefined;
  readonly low: PagedRows | undefined;
  readonly attributes: AttributeColumns;
  /** Space that searches use. */
  readonly scratch: Readonly<
    Record<'list' | 'distances' | 'histogram' | 'probes' | 'front' | 'nearer' | 'dots' | 'lowDots' | 'bounds', Scratch>
  >;

  readonly #encoder: VectorEncoder;
  readonly #places: { sketch: number; high: number; low: number; factors: number };
  #count = 0;
  #keys = new Float64Array();
  #factors = new Float32Array();
  #largestKey = Number.NEGATIVE_INFINITY;
  #slots: Map<number, number> | undefined;

  constructor({ dimensions, centre, words, numbers, precision, arena = new Arena() }: ResidentOptions) {
    this.arena = arena;
    this.precision = precision;
    this.#encoder = new VectorEncoder(this.arena, dimensions, centre);
    const { width } = this.#encoder;
    this.query = new QueryCode(this.arena, this.#encoder);
    this.sketches = new PagedRows(this.arena, width / 8);
    this.fronts = new PagedRows(this.arena, FRONT_BYTES);
    this.high = precision === 'sketch' ? undefined : new PagedRows(this.arena, width / 2);
    this.low = precision === 'fine' ? new PagedRows(this.arena, width / 2) : undefined;
    this.attributes = new AttributeColumns(this.arena, words, numbers);
    const unused = this.arena.allocate(width / 2);
    this.#places = { sketch: 0, high: unused, low: unused, factors: this.arena.allocate(FACTORS * 4) };
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
    return this.#encoder.width;
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

  /** Step, coarse error and fine error by slot. */
  get factors(): Float32Array {
    return this.#factors;
  }

  /** Returns the slot of a key. */
  slotOf(key: number): number | undefined {
    if (key > this.#largestKey) return undefined;
    return this.#slotMap().get(key);
  }

  /** Makes place for rows up to a number. */
  ensure(rows: number): void {
    this.sketches.ensure(rows);
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
    const codes = this.sketches.width + FRONT_BYTES + (this.high?.width ?? 0) + (this.low?.width ?? 0);
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

  /** Returns the listed slots; `undefined` where the list is of all rows, each at its own place. */
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
    const places = this.#places;
    places.sketch = this.sketches.address(slot);
    if (this.high !== undefined) places.high = this.high.address(slot);
    if (this.low !== undefined) places.low = this.low.address(slot);
    this.#encoder.encode(vector, places);
    this.#copyFronts(slot, 1);
    this.#factors.set(this.arena.floats(places.factors, FACTORS), slot * FACTORS);
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
    this.sketches.write(first, rows.sketches);
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
      this.sketches.copy(last, slot);
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
    const { sketches, fronts } = this;
    this.arena.kernels.copyFronts(first, count, sketches.pages, sketches.width, fronts.pages);
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
