import type { Row } from '../sql/prepared-statement.ts';
import * as read from '../sql/row-readers.ts';
import type { VectorSource } from '../table-kit/vector-source.ts';
import type { Attributes } from './attributes.ts';

/** A row with its vector, as it lies in the database. */
export interface VectorRow extends Attributes {
  readonly key: number;
  readonly vector: Uint8Array;
}

/** Returns what reads a source's rows. */
export function vectorRowReader(source: VectorSource): (row: Row) => VectorRow {
  const keywordCount = Object.keys(source.keyword).length;
  const columns = Array.from({ length: keywordCount + Object.keys(source.numeric).length }, (_, index) => `a${index}`);
  const keywordColumns = columns.slice(0, keywordCount);
  const numericColumns = columns.slice(keywordCount);
  return (row) => ({
    key: read.number(row, 'key'),
    vector: read.bytes(row, 'vector'),
    keyword: keywordColumns.map((column) => read.optionalText(row, column) ?? null),
    numeric: numericColumns.map((column) => read.number(row, column)),
  });
}
