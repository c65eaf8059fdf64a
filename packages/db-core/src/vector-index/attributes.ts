import { CorruptError } from '../errors/index.ts';
import { requireArray, requireNumber } from '../validation.ts';
import { type Arena, PagedRows, Scratch, type SlotList } from './wasm-arena.ts';

/** The attributes of a row besides its vector: keywords such as its type, numbers such as its importance. */
export interface Attributes {
  readonly keyword: readonly (string | null)[];
  readonly numeric: readonly number[];
}

/** The attributes of consecutive rows, column by column. */
export interface AttributeBlock {
  /** For each keyword attribute, the keywords that occur, and the index among them of each row's keyword. */
  readonly keyword: readonly { readonly dictionary: readonly (string | null)[]; readonly codes: Uint16Array }[];
  readonly numeric: readonly Float64Array[];
}

/** A condition on one attribute, named as in the {@link VectorSource}. */
export type Condition =
  | { readonly keyword: string; readonly oneOf: readonly (string | null)[] }
  | { readonly numeric: string; readonly atLeast: number }
  | { readonly numeric: string; readonly above: number };

/** The attributes of many rows, column by column, so that a condition is checked on all of them in a fraction of a millisecond. */
export class AttributeColumns {
  readonly #keyword: ReadonlyMap<string, KeywordColumn>;
  readonly #numeric: ReadonlyMap<string, NumericColumn>;

  constructor(arena: Arena, keyword: readonly string[], numeric: readonly string[]) {
    this.#keyword = new Map(keyword.map((name) => [name, new KeywordColumn(arena)]));
    this.#numeric = new Map(numeric.map((name) => [name, new NumericColumn(arena)]));
  }

  /** Bytes taken outside the arena. */
  get size(): number {
    let bytes = 0;
    for (const column of this.#numeric.values()) bytes += column.size;
    return bytes;
  }

  /** Estimates the bytes that a number of rows take, in the arena and outside it. */
  expectedSize(rows: number): number {
    return capacityFor(rows) * (this.#keyword.size * Uint32Array.BYTES_PER_ELEMENT + this.#numeric.size * 8);
  }

  /** Makes room for rows up to a number. */
  ensure(rows: number): void {
    for (const column of this.#keyword.values()) column.ensure(rows);
    for (const column of this.#numeric.values()) column.ensure(rows);
  }

  set(slot: number, { keyword, numeric }: Attributes): void {
    let word = 0;
    for (const column of this.#keyword.values()) column.set(slot, keyword[word++] ?? null);
    let number = 0;
    for (const column of this.#numeric.values()) column.set(slot, numeric[number++] ?? 0);
  }

  /**
   * Writes consecutive rows.
   *
   * @throws CorruptError when they lack an attribute: rows without it would pass any condition on it
   */
  write(slot: number, { keyword, numeric }: AttributeBlock): void {
    for (const [index, column] of [...this.#keyword.values()].entries()) {
      const { dictionary, codes } = keyword[index] ?? lacking();
      column.write(slot, dictionary, codes);
    }
    for (const [index, column] of [...this.#numeric.values()].entries()) {
      column.write(slot, numeric[index] ?? lacking());
    }
  }

  copy(from: number, to: number): void {
    for (const column of this.#keyword.values()) column.copy(from, to);
    for (const column of this.#numeric.values()) column.copy(from, to);
  }

  /** Returns the conditions that some row may fail. */
  restricting(conditions: readonly Condition[]): Condition[] {
    return conditions.filter((condition) => !this.#column(checked(condition)).allPass(condition));
  }

  /** Puts those of the given slots that pass every condition at another address, which may be the same, in their order. */
  keepPassing(given: SlotList, conditions: readonly Condition[], address: number): SlotList {
    let list = given;
    for (const condition of conditions) {
      list = { address, count: this.#column(condition).keep(condition, list, address) };
    }
    return list;
  }

  #column(condition: Condition): Column {
    const name = 'keyword' in condition ? condition.keyword : condition.numeric;
    const column = 'keyword' in condition ? this.#keyword.get(name) : this.#numeric.get(name);
    if (column === undefined) throw new Error(`The vector source has no attribute ${name}`);
    return column;
  }
}

function lacking(): never {
  throw new CorruptError('A block of the vector index lacks an attribute. Call rebuildVectorIndex().');
}

function checked(condition: Condition): Condition {
  if ('keyword' in condition) requireArray(condition.oneOf, condition.keyword);
  else requireNumber('above' in condition ? condition.above : condition.atLeast, condition.numeric);
  return condition;
}

interface Column {
  allPass(condition: Condition): boolean;
  /** Returns how many of the given slots pass, and puts them where it is told to. */
  keep(condition: Condition, given: SlotList, address: number): number;
}

/** Keywords as numbers, with a dictionary. */
class KeywordColumn implements Column {
  readonly #arena: Arena;
  readonly #rows: PagedRows;
  readonly #wantedScratch: Scratch;
  readonly #codes = new Map<string | null, number>();

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#rows = new PagedRows(arena, Uint32Array.BYTES_PER_ELEMENT);
    this.#wantedScratch = new Scratch(arena);
  }

  ensure(rows: number): void {
    this.#rows.ensure(rows);
  }

  set(slot: number, word: string | null): void {
    this.#arena.words(this.#rows.address(slot), 1)[0] = this.#code(word);
  }

  write(slot: number, dictionary: readonly (string | null)[], codes: Uint16Array): void {
    const known = dictionary.map((word) => this.#code(word));
    const words = new Uint32Array(codes.length);
    if (known.length === 1) words.fill(known[0] ?? 0);
    else for (let i = 0; i < codes.length; i++) words[i] = known[codes[i] ?? 0] ?? 0;
    this.#rows.write(slot, new Uint8Array(words.buffer));
  }

  copy(from: number, to: number): void {
    this.#rows.copy(from, to);
  }

  allPass(condition: Condition): boolean {
    return !this.#wanted(condition).includes(0);
  }

  keep(condition: Condition, given: SlotList, address: number): number {
    const wanted = this.#wanted(condition);
    const only = wanted.indexOf(1);
    if (only === -1) return 0;
    const { kernels } = this.#arena;
    if (only === wanted.lastIndexOf(1))
      return kernels.keepWord(given.address, given.count, this.#rows.pages, only, address);
    const wantedAddress = this.#wantedScratch.reserve(wanted.length);
    this.#arena.bytes(wantedAddress, wanted.length).set(wanted);
    return kernels.keepWords(given.address, given.count, this.#rows.pages, wantedAddress, address);
  }

  /** Tells of each word whether a condition asks for it. */
  #wanted(condition: Condition): Uint8Array {
    const wanted = new Uint8Array(this.#codes.size);
    for (const word of 'keyword' in condition ? condition.oneOf : []) {
      const code = this.#codes.get(word);
      if (code !== undefined) wanted[code] = 1;
    }
    return wanted;
  }

  #code(word: string | null): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    const code = this.#codes.size;
    this.#codes.set(word, code);
    return code;
  }
}

class NumericColumn implements Column {
  readonly #arena: Arena;
  #column = new Float64Array();
  /** No number is less, though the one that was may be gone: conditions that all rows pass cost nothing. */
  #least = Number.POSITIVE_INFINITY;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  get size(): number {
    return this.#column.byteLength;
  }

  ensure(rows: number): void {
    if (rows > this.#column.length) this.#column = enlarged(this.#column, new Float64Array(capacityFor(rows)));
  }

  set(slot: number, number: number): void {
    this.#column[slot] = number;
    if (number < this.#least) this.#least = number;
  }

  write(slot: number, numbers: Float64Array): void {
    this.#column.set(numbers, slot);
    for (const number of numbers) if (number < this.#least) this.#least = number;
  }

  copy(from: number, to: number): void {
    this.#column[to] = this.#column[from] ?? 0;
  }

  allPass(condition: Condition): boolean {
    if ('keyword' in condition) return false;
    return 'above' in condition ? this.#least > condition.above : this.#least >= condition.atLeast;
  }

  keep(condition: Condition, listed: SlotList, address: number): number {
    if ('keyword' in condition) return 0;
    const isStrict = 'above' in condition;
    const bound = isStrict ? condition.above : condition.atLeast;
    const column = this.#column;
    const { count } = listed;
    const given = listed.address === 0 ? undefined : this.#arena.words(listed.address, count);
    const list = this.#arena.words(address, count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const slot = given === undefined ? i : (given[i] ?? 0);
      const number = column[slot] ?? 0;
      if (number > bound || (number === bound && !isStrict)) list[kept++] = slot;
    }
    return kept;
  }
}

/** Room for some rows more, so that adding one does not copy all. */
export function capacityFor(rows: number): number {
  return rows + Math.max(256, rows >> 4);
}

/** Copies what a column holds into its larger successor. */
export function enlarged<Column extends { set(from: Column): void }>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
