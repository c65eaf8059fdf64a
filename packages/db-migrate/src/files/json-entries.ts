/** One element of the list in a JSON file. */
export interface JsonEntry {
  /** Its place in the list, from 1. */
  readonly position: number;
  /** Its bytes, which the next chunk may overwrite, or why there are none. */
  readonly content: Uint8Array | { readonly problem: string };
}

/** The elements that end in one chunk of a file. */
export interface EntriesOfChunk {
  readonly entries: readonly JsonEntry[];
  /** How many bytes of the file have been read so far. */
  readonly bytesRead: number;
}

/** The largest element that is read, in bytes. */
export const MAX_ENTRY_BYTES = 64 * 1024 * 1024;

/**
 * Cuts the list in a JSON file, `[...]` or `{"<listName>": [...]}`, into its elements without parsing them, some of the file at
 * a time. An element that is not JSON spoils no other one, and a file that was cut off in the middle gives up all that is
 * whole: a parser of the whole text could do neither.
 *
 * The last entry carries a problem if the file is not such a list, ends too early, or goes on behind the list.
 */
export async function* readJsonEntries(
  chunks: AsyncIterable<Uint8Array>,
  listName: string,
): AsyncGenerator<EntriesOfChunk, void, undefined> {
  const cutter = new ListCutter(listName);
  let bytesRead = 0;
  for await (const chunk of chunks) {
    bytesRead += chunk.length;
    yield { entries: cutter.cut(chunk), bytesRead };
  }
  yield { entries: cutter.end(), bytesRead };
}

const [SPACE, QUOTE, BACKSLASH, COMMA, COLON] = [0x20, 0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Marks the bytes that have a meaning outside of strings. */
const STRUCTURE = new Uint8Array(256);
for (const byte of [QUOTE, COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT]) STRUCTURE[byte] = 1;

/** So deep are brackets told from one another; JSON that is stored is not nested deeper. */
const MAX_KNOWN_DEPTH = 1_024;

/** Follows strings and brackets, and nothing else of JSON. */
class ListCutter {
  readonly #listName: string;
  #depth = 0;
  /** The brackets that are open, from outside to inside. */
  readonly #brackets = new Uint8Array(MAX_KNOWN_DEPTH);
  /** The depth of the list's elements, once the list has been found. */
  #listDepth: number | undefined;
  #inString = false;
  #escaped = false;
  /** The beginning of the element, or of the key, that is being read, from earlier chunks. */
  #parts: Uint8Array[] = [];
  #partsLength = 0;
  #lastKey = '';
  #position = 0;
  #state: 'in the list' | 'behind the list' | 'done' = 'in the list';

  constructor(listName: string) {
    this.#listName = listName;
  }

  cut(chunk: Uint8Array): JsonEntry[] {
    const found: JsonEntry[] = [];
    let start = 0;
    let at = 0;
    while (this.#state === 'in the list') {
      at = this.#inString ? this.#endOfString(chunk, at) : nextStructure(chunk, at);
      if (at >= chunk.length) break;
      const byte = chunk[at] ?? 0;
      this.#closeWhatIsLeftOpen(byte);
      if (this.#listDepth === undefined ? byte !== QUOTE : this.#endsElement(byte)) {
        const bytes = this.#take(chunk.subarray(start, at));
        if (this.#listDepth === undefined) this.#endToken(byte, bytes);
        else found.push(...this.#endElement(byte, bytes));
        start = at + 1;
      }
      this.#follow(byte);
      at++;
    }
    if (this.#state === 'in the list') this.#keep(chunk.subarray(start));
    if (this.#state === 'behind the list') found.push(...this.#lookBehind(chunk.subarray(at)));
    return found;
  }

  end(): JsonEntry[] {
    if (this.#state !== 'in the list') return [];
    if (this.#listDepth !== undefined) return [this.#problem('the file ends in the middle of the list')];
    return [this.#problem(`the file holds no list, nor an object with a list ${this.#listName}`)];
  }

  /** Returns the place of the quote that ends a string, or the end of the chunk. */
  #endOfString(chunk: Uint8Array, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) return at;
    }
    return chunk.length;
  }

  /** A bracket that closes an outer one also closes those inside that were left open: only their element is broken. */
  #closeWhatIsLeftOpen(byte: number): void {
    const opening = byte === CLOSE_LIST ? OPEN_LIST : byte === CLOSE_OBJECT ? OPEN_OBJECT : undefined;
    if (opening === undefined || this.#depth > MAX_KNOWN_DEPTH) return;
    while (this.#depth > (this.#listDepth ?? 0) && this.#brackets[this.#depth - 1] !== opening) this.#depth--;
  }

  #endsElement(byte: number): boolean {
    return this.#depth === this.#listDepth && (byte === COMMA || byte === CLOSE_LIST);
  }

  #follow(byte: number): void {
    if (byte === QUOTE) this.#inString = !this.#inString;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (this.#depth < MAX_KNOWN_DEPTH) this.#brackets[this.#depth] = byte;
      this.#depth++;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      // A bracket too many would otherwise run the depth below the list and hide its end.
      this.#depth = Math.max(this.#depth - 1, this.#listDepth ?? 0);
    }
  }

  /** Before the list: remembers the last key, and notices the list when it opens. */
  #endToken(byte: number, token: Uint8Array | undefined): void {
    if (byte === COLON && this.#depth === 1) this.#lastKey = token === undefined ? '' : textOf(token);
    const opensWantedList =
      this.#depth === 0 || (this.#depth === 1 && this.#lastKey === JSON.stringify(this.#listName));
    if (byte === OPEN_LIST && opensWantedList) this.#listDepth = this.#depth + 1;
  }

  #endElement(byte: number, content: Uint8Array | undefined): JsonEntry[] {
    const isLast = byte === CLOSE_LIST;
    if (isLast) this.#state = this.#listDepth === 1 ? 'behind the list' : 'done';
    if (content === undefined) {
      const problem = this.#problem(`it is larger than ${MAX_ENTRY_BYTES} bytes`);
      this.#position++;
      return [problem];
    }
    const isEmptyList = isLast && this.#position === 0 && textOf(content) === '';
    return isEmptyList ? [] : [{ position: ++this.#position, content }];
  }

  #lookBehind(bytes: Uint8Array): JsonEntry[] {
    if (bytes.every((byte) => byte <= SPACE)) return [];
    this.#state = 'done';
    return [this.#problem('the file goes on behind the end of the list')];
  }

  #problem(problem: string): JsonEntry {
    return { position: this.#position + 1, content: { problem } };
  }

  #keep(bytes: Uint8Array): void {
    this.#partsLength += bytes.length;
    // The chunk is read into again, so what is kept of it must be a copy; `slice` of a Buffer is none.
    if (this.#partsLength <= MAX_ENTRY_BYTES) this.#parts.push(new Uint8Array(bytes));
    else this.#parts = [];
  }

  /** Returns what was kept and what follows it, or `undefined` if it is too large. */
  #take(rest: Uint8Array): Uint8Array | undefined {
    const isTooLarge = this.#partsLength + rest.length > MAX_ENTRY_BYTES;
    const whole = this.#parts.length === 0 || isTooLarge ? rest : Buffer.concat([...this.#parts, rest]);
    this.#parts = [];
    this.#partsLength = 0;
    return isTooLarge ? undefined : whole;
  }
}

/** Returns the place of the next byte that has a meaning outside of strings, or the end of the chunk. */
function nextStructure(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && STRUCTURE[chunk[at] ?? 0] === 0) at++;
  return at;
}

function textOf(token: Uint8Array): string {
  return new TextDecoder().decode(token).trim();
}
