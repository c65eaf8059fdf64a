import type { LegacyFile } from './legacy-file.ts';

/** One element of the list in a JSON file. */
export interface JsonEntry {
  /** Its place in the list, from 1. */
  readonly position: number;
  /** Its bytes, or why there are none. */
  readonly content: Uint8Array | { readonly problem: string };
  /** The number of bytes that have been read so far. */
  readonly bytesRead: number;
}

const CHUNK_BYTES = 256 * 1024;
const LARGEST_ENTRY_BYTES = 64 * 1024 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Cuts the list in a JSON file, `[...]` or `{"<listName>": [...]}`, into its elements without parsing them, reading
 * some of the file at a time. An element that is not JSON spoils no other one, and a file that was cut off in the
 * middle gives up all that is whole: a parser of the whole text could do neither.
 *
 * The last entry carries a problem if the file is not such a list, or ends too early.
 */
export async function* readJsonEntries(file: LegacyFile, listName: string): AsyncGenerator<JsonEntry, void, undefined> {
  const cutter = new ListCutter(listName);
  const chunk = new Uint8Array(CHUNK_BYTES);
  let bytesRead = 0;
  for (;;) {
    const { bytesRead: length } = await file.handle.read(chunk, 0, CHUNK_BYTES, bytesRead);
    bytesRead += length;
    for (const entry of length === 0 ? cutter.end() : cutter.cut(chunk.subarray(0, length)))
      yield { ...entry, bytesRead };
    if (length === 0 || cutter.isDone) return;
  }
}

type CutEntry = Omit<JsonEntry, 'bytesRead'>;

/** Follows strings and brackets, and nothing else of JSON. */
class ListCutter {
  readonly #listName: string;
  #depth = 0;
  /** The depth of the list's elements, once the list has been found. */
  #listDepth: number | undefined;
  #inString = false;
  #escaped = false;
  /** The bytes of the element, or of the key, that is being read. */
  #parts: Uint8Array[] = [];
  #partsLength = 0;
  #lastKey = '';
  #position = 0;
  isDone = false;

  constructor(listName: string) {
    this.#listName = listName;
  }

  *cut(chunk: Uint8Array): Generator<CutEntry, void, undefined> {
    let start = 0;
    for (let i = 0; i < chunk.length && !this.isDone; i++) {
      const byte = chunk[i] ?? 0;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
        continue;
      }
      const endsElement = this.#depth === this.#listDepth && (byte === COMMA || byte === CLOSE_LIST);
      if (endsElement || (this.#listDepth === undefined && isStructure(byte))) {
        this.#keep(chunk.subarray(start, i));
        if (endsElement) yield* this.#endElement(byte === CLOSE_LIST);
        else this.#endToken(byte);
        start = i + 1;
      }
      this.#follow(byte);
    }
    if (!this.isDone) this.#keep(chunk.subarray(start));
    if (this.#partsLength > LARGEST_ENTRY_BYTES) {
      this.isDone = true;
      yield this.#problem(`it is larger than ${LARGEST_ENTRY_BYTES} bytes`);
    }
  }

  *end(): Generator<CutEntry, void, undefined> {
    if (this.isDone) return;
    this.isDone = true;
    if (this.#listDepth === undefined)
      yield this.#problem(`the file holds no list, nor an object with a list ${this.#listName}`);
    else yield this.#problem('the file ends in the middle of the list');
  }

  #follow(byte: number): void {
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth--;
    // A bracket too many would otherwise run the depth below the list and hide its end.
    if (this.#listDepth !== undefined && this.#depth < this.#listDepth && !this.isDone) this.#depth = this.#listDepth;
  }

  /** Before the list: remembers the last key, and notices the list when it opens. */
  #endToken(byte: number): void {
    const token = this.#take();
    if (byte === COLON && this.#depth === 1) this.#lastKey = textOf(token);
    const opensWantedList =
      this.#depth === 0 || (this.#depth === 1 && this.#lastKey === JSON.stringify(this.#listName));
    if (byte === OPEN_LIST && opensWantedList) this.#listDepth = this.#depth + 1;
  }

  *#endElement(isLast: boolean): Generator<CutEntry, void, undefined> {
    const content = this.#take();
    this.isDone = isLast;
    const isEmptyList = isLast && this.#position === 0 && textOf(content) === '';
    if (!isEmptyList) yield { position: ++this.#position, content };
  }

  #problem(problem: string): CutEntry {
    return { position: this.#position + 1, content: { problem } };
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // The chunk is read into again, so what is kept of it must be a copy.
    this.#parts.push(bytes.slice());
    this.#partsLength += bytes.length;
  }

  #take(): Uint8Array {
    const [first] = this.#parts;
    const whole = this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partsLength = 0;
    return whole;
  }
}

function isStructure(byte: number): boolean {
  return (
    byte === COMMA ||
    byte === COLON ||
    byte === OPEN_LIST ||
    byte === OPEN_OBJECT ||
    byte === CLOSE_LIST ||
    byte === CLOSE_OBJECT
  );
}

function textOf(token: Uint8Array): string {
  return new TextDecoder().decode(token).trim();
}
