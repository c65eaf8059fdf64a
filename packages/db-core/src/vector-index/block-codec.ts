import { CorruptError } from '../errors/index.ts';
import type { AttributeBlock, Attributes } from './attributes.ts';

const FACTORS = 3;
const HEADER_WORDS = 4;
const ALIGNMENT = 8;

/** What a block says of its rows besides their codes. */
export interface BlockRows {
  /** Keys relative to the first that the block may hold. */
  readonly offsets: Uint16Array;
  /** Three for each row: see `quantize` in the kernels. */
  readonly factors: Float32Array;
  readonly attributes: AttributeBlock;
}

/** Brings the attributes of rows into columns. */
export function toAttributeBlock(rows: readonly Attributes[], words: number, numbers: number): AttributeBlock {
  return {
    words: Array.from({ length: words }, (_, column) => {
      const places = new Map<string | null, number>();
      const codes = Uint16Array.from(rows, ({ words: row }) => {
        const word = row[column] ?? null;
        const place = places.get(word) ?? places.size;
        places.set(word, place);
        return place;
      });
      return { dictionary: [...places.keys()], codes };
    }),
    numbers: Array.from({ length: numbers }, (_, column) =>
      Float64Array.from(rows, ({ numbers: row }) => row[column] ?? 0),
    ),
  };
}

/** Writes what a block says of its rows: a header of counts, the columns one after the other, the words as JSON. */
export function encodeBlockRows({ offsets, factors, attributes }: BlockRows): Uint8Array {
  const dictionaries = Buffer.from(JSON.stringify(attributes.words.map(({ dictionary }) => dictionary)));
  const header = Uint32Array.of(
    offsets.length,
    attributes.words.length,
    attributes.numbers.length,
    dictionaries.byteLength,
  );
  const columns = [header, offsets, ...attributes.words.map(({ codes }) => codes), factors, ...attributes.numbers];
  return Buffer.concat([...columns.flatMap(aligned), dictionaries]);
}

/** Reads what {@link encodeBlockRows} wrote. */
export function decodeBlockRows(data: Uint8Array): BlockRows {
  const { buffer } = new Uint8Array(data);
  const [count = 0, words = 0, numbers = 0, dictionaryBytes = 0] = new Uint32Array(buffer, 0, HEADER_WORDS);
  let at = HEADER_WORDS * 4;
  const take = (bytes: number) => {
    const start = at;
    at += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return start;
  };
  const shorts = () => new Uint16Array(buffer, take(count * 2), count);
  const offsets = shorts();
  const codes = Array.from({ length: words }, shorts);
  const factors = new Float32Array(buffer, take(count * FACTORS * 4), count * FACTORS);
  const columns = Array.from({ length: numbers }, () => new Float64Array(buffer, take(count * 8), count));
  const dictionaries = parseDictionaries(Buffer.from(buffer, at, dictionaryBytes).toString());
  return {
    offsets,
    factors,
    attributes: {
      words: codes.map((column, index) => ({ dictionary: dictionaries[index] ?? [], codes: column })),
      numbers: columns,
    },
  };
}

function aligned(column: Uint16Array | Uint32Array | Float32Array | Float64Array): Uint8Array[] {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  return [bytes, new Uint8Array(-bytes.byteLength & (ALIGNMENT - 1))];
}

function parseDictionaries(json: string): (string | null)[][] {
  const parsed: unknown = JSON.parse(json);
  if (!Array.isArray(parsed)) return damaged();
  return parsed.map((dictionary: unknown) => {
    if (!Array.isArray(dictionary)) return damaged();
    return dictionary.map((word: unknown) => (typeof word === 'string' || word === null ? word : damaged()));
  });
}

function damaged(): never {
  throw new CorruptError('A block of the vector index is damaged. Rebuild the index.');
}
