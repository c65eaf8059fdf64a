import type { Row } from '../sql/prepared-statement.ts';
import * as read from '../sql/row-readers.ts';
import type { Attributes } from './attributes.ts';
import type { VectorSource } from './vector-source.ts';

/** A row with its vector, as it lies in the database. */
export interface VectorRow extends Attributes {
  readonly key: number;
  readonly vector: Uint8Array;
}

/** Returns what reads a source's rows. */
export function vectorRowReader(source: VectorSource): (row: Row) => VectorRow {
  const words = Object.keys(source.words).length;
  const columns = Array.from({ length: words + Object.keys(source.numbers).length }, (_, index) => `a${index}`);
  const wordColumns = columns.slice(0, words);
  const numberColumns = columns.slice(words);
  return (row) => ({
    key: read.number(row, 'key'),
    vector: read.bytes(row, 'vector'),
    words: wordColumns.map((column) => read.optionalText(row, column) ?? null),
    numbers: numberColumns.map((column) => read.number(row, column)),
  });
}
