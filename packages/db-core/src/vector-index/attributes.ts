/** What is known of a row besides its vector: words such as its type, numbers such as its importance. */
export interface Attributes {
  readonly words: readonly (string | null)[];
  readonly numbers: readonly number[];
}

/** The attributes of consecutive rows, column by column. */
export interface AttributeBlock {
  /** For each word attribute, the words that occur, and the place among them of each row's word. */
  readonly words: readonly { readonly dictionary: readonly (string | null)[]; readonly codes: Uint16Array }[];
  readonly numbers: readonly Float64Array[];
}

/** A condition on one attribute, named as in the {@link VectorSource}. */
export type Condition =
  | { readonly word: string; readonly oneOf: readonly string[] }
  | { readonly number: string; readonly atLeast: number }
  | { readonly number: string; readonly above: number };

/** The attributes of many rows, column by column, so that a condition is checked on all of them in a fraction of a millisecond. */
export class AttributeColumns {
  readonly #words: ReadonlyMap<string, WordColumn>;
  readonly #numbers: ReadonlyMap<string, NumberColumn>;

  constructor(words: readonly string[], numbers: readonly string[]) {
    this.#words = new Map(words.map((name) => [name, new WordColumn()]));
    this.#numbers = new Map(numbers.map((name) => [name, new NumberColumn()]));
  }

  /** Bytes taken. */
  get size(): number {
    const columns = [...this.#words.values(), ...this.#numbers.values()];
    return columns.reduce((sum, column) => sum + column.size, 0);
  }

  /** Makes place for rows up to a number. */
  ensure(rows: number): void {
    for (const column of this.#words.values()) column.ensure(rows);
    for (const column of this.#numbers.values()) column.ensure(rows);
  }

  set(slot: number, { words, numbers }: Attributes): void {
    let word = 0;
    for (const column of this.#words.values()) column.set(slot, words[word++] ?? null);
    let number = 0;
    for (const column of this.#numbers.values()) column.set(slot, numbers[number++] ?? 0);
  }

  /** Writes consecutive rows. */
  write(slot: number, { words, numbers }: AttributeBlock): void {
    let word = 0;
    for (const column of this.#words.values()) {
      const block = words[word++];
      if (block !== undefined) column.write(slot, block.dictionary, block.codes);
    }
    let number = 0;
    for (const column of this.#numbers.values()) column.write(slot, numbers[number++] ?? new Float64Array());
  }

  copy(from: number, to: number): void {
    for (const column of this.#words.values()) column.copy(from, to);
    for (const column of this.#numbers.values()) column.copy(from, to);
  }

  /** Keeps the listed slots that pass every condition, at the front of the list, in their order; returns how many do. */
  keepPassing(list: Uint32Array, conditions: readonly Condition[]): number {
    let count = list.length;
    for (const condition of conditions) {
      const rest = list.subarray(0, count);
      if ('word' in condition) count = this.#wordColumn(condition.word).keep(rest, condition.oneOf);
      else if ('above' in condition) count = this.#numberColumn(condition.number).keepAbove(rest, condition.above);
      else count = this.#numberColumn(condition.number).keepAtLeast(rest, condition.atLeast);
    }
    return count;
  }

  #wordColumn(name: string): WordColumn {
    return this.#words.get(name) ?? unknown(name);
  }

  #numberColumn(name: string): NumberColumn {
    return this.#numbers.get(name) ?? unknown(name);
  }
}

/** Words as numbers, with a dictionary. */
class WordColumn {
  readonly #codes = new Map<string | null, number>();
  #column = new Uint32Array();

  get size(): number {
    return this.#column.byteLength;
  }

  ensure(rows: number): void {
    if (rows > this.#column.length) this.#column = enlarged(this.#column, new Uint32Array(capacityFor(rows)));
  }

  set(slot: number, word: string | null): void {
    this.#column[slot] = this.#code(word);
  }

  write(slot: number, dictionary: readonly (string | null)[], codes: Uint16Array): void {
    const known = dictionary.map((word) => this.#code(word));
    if (known.length === 1) {
      this.#column.fill(known[0] ?? 0, slot, slot + codes.length);
      return;
    }
    for (let i = 0; i < codes.length; i++) this.#column[slot + i] = known[codes[i] ?? 0] ?? 0;
  }

  copy(from: number, to: number): void {
    this.#column[to] = this.#column[from] ?? 0;
  }

  keep(list: Uint32Array, words: readonly string[]): number {
    const wanted = new Uint8Array(this.#codes.size);
    for (const word of words) {
      const code = this.#codes.get(word);
      if (code !== undefined) wanted[code] = 1;
    }
    if (!wanted.includes(0)) return list.length;
    const column = this.#column;
    let kept = 0;
    for (let i = 0; i < list.length; i++) {
      const slot = list[i] ?? 0;
      if (wanted[column[slot] ?? 0] === 1) list[kept++] = slot;
    }
    return kept;
  }

  #code(word: string | null): number {
    const known = this.#codes.get(word);
    if (known !== undefined) return known;
    const code = this.#codes.size;
    this.#codes.set(word, code);
    return code;
  }
}

class NumberColumn {
  #column = new Float64Array();
  /** No number is less, though the one that was may be gone: conditions that all rows pass cost nothing. */
  #least = Number.POSITIVE_INFINITY;

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

  keepAtLeast(list: Uint32Array, bound: number): number {
    if (this.#least >= bound) return list.length;
    const column = this.#column;
    let kept = 0;
    for (let i = 0; i < list.length; i++) {
      const slot = list[i] ?? 0;
      if ((column[slot] ?? 0) >= bound) list[kept++] = slot;
    }
    return kept;
  }

  keepAbove(list: Uint32Array, bound: number): number {
    if (this.#least > bound) return list.length;
    const column = this.#column;
    let kept = 0;
    for (let i = 0; i < list.length; i++) {
      const slot = list[i] ?? 0;
      if ((column[slot] ?? 0) > bound) list[kept++] = slot;
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

function unknown(name: string): never {
  throw new Error(`The vector source has no attribute ${name}`);
}
