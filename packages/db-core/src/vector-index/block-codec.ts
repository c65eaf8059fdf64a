import { CorruptError } from '../errors/index.ts';
import type { AttributeBlock, Attributes } from './attributes.ts';
import { FACTORS } from './block-format.ts';

const HEADER_WORDS = 4;
const ALIGNMENT = 8;

/** The part of a block that describes its rows besides their codes. */
export interface BlockRows {
  /** Keys relative to the first that the block may hold. */
  readonly offsets: Uint16Array;
  /** Six for each row: see `FACTORS`. */
  readonly factors: Float32Array;
  readonly attributes: AttributeBlock;
}

/** Brings the attributes of rows into columns. */
export function toAttributeBlock(
  rows: readonly Attributes[],
  keywordColumns: number,
  numericColumns: number,
): AttributeBlock {
  return {
    keyword: Array.from({ length: keywordColumns }, (_, column) => {
      const indexes = new Map<string | null, number>();
      const codes = Uint16Array.from(rows, ({ keyword: row }) => {
        const word = row[column] ?? null;
        const index = indexes.get(word) ?? indexes.size;
        indexes.set(word, index);
        return index;
      });
      return { dictionary: [...indexes.keys()], codes };
    }),
    numeric: Array.from({ length: numericColumns }, (_, column) =>
      Float64Array.from(rows, ({ numeric: row }) => row[column] ?? 0),
    ),
  };
}

/** Writes what a block says of its rows: a header of counts, the columns one after the other, the keywords as JSON. */
export function encodeBlockRows({ offsets, factors, attributes }: BlockRows): Uint8Array {
  const dictionaries = Buffer.from(JSON.stringify(attributes.keyword.map(({ dictionary }) => dictionary)));
  const header = Uint32Array.of(
    offsets.length,
    attributes.keyword.length,
    attributes.numeric.length,
    dictionaries.byteLength,
  );
  const columns = [header, offsets, ...attributes.keyword.map(({ codes }) => codes), factors, ...attributes.numeric];
  return Buffer.concat([...columns.flatMap(aligned), dictionaries]);
}

/** Reads what {@link encodeBlockRows} wrote. */
export function decodeBlockRows(data: Uint8Array): BlockRows {
  const { buffer } = new Uint8Array(data);
  const [count = 0, keywordColumns = 0, numericColumns = 0, dictionaryBytes = 0] = new Uint32Array(
    buffer,
    0,
    HEADER_WORDS,
  );
  let position = HEADER_WORDS * 4;
  const take = (bytes: number) => {
    const start = position;
    position += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return start;
  };
  const shorts = () => new Uint16Array(buffer, take(count * 2), count);
  const offsets = shorts();
  const codes = Array.from({ length: keywordColumns }, shorts);
  const factors = new Float32Array(buffer, take(count * FACTORS * 4), count * FACTORS);
  const columns = Array.from({ length: numericColumns }, () => new Float64Array(buffer, take(count * 8), count));
  const dictionaries = parseDictionaries(Buffer.from(buffer, position, dictionaryBytes).toString());
  return {
    offsets,
    factors,
    attributes: {
      keyword: codes.map((column, index) => ({ dictionary: dictionaries[index] ?? [], codes: column })),
      numeric: columns,
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
  throw new CorruptError('A block of the vector index is damaged. Call rebuildVectorIndex().');
}
