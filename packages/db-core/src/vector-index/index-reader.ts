import { types } from 'node:util';
import { decodeVector } from '../codecs/vectors.ts';
import { CorruptError } from '../errors/index.ts';
import type { Row } from '../sql/prepared-statement.ts';
import * as read from '../sql/row-readers.ts';
import type { VectorSource } from '../table-kit/vector-source.ts';
import { decodeBlockRows } from './block-codec.ts';
import { BLOCK_BITS, formatOf, PARTS, type Precision } from './block-format.ts';
import { type EncodedRows, InMemoryIndex } from './in-memory-index.ts';
import { type VectorRow, vectorRowReader } from './source-rows.ts';
import type { VectorStatements } from './statements.ts';
import type { Arena } from './wasm-arena.ts';

const KEYS_AT_ONCE = 500;

/** The vectors of one model. */
export interface SpaceName {
  readonly model: string;
  readonly dimensions: number;
}

/** A space as the database keeps it. */
export interface StoredSpace {
  readonly id: number;
  readonly centroid: Float32Array | undefined;
  readonly rows: number;
}

/** Brings the vectors of a source from the database into memory. */
export class IndexReader {
  readonly #source: VectorSource;
  readonly #statements: VectorStatements;
  readonly #toRow: (row: Row) => VectorRow;
  readonly #format: number;

  constructor(source: VectorSource, statements: VectorStatements) {
    this.#source = source;
    this.#statements = statements;
    this.#toRow = vectorRowReader(source);
    this.#format = formatOf(source);
  }

  /** Looks a space up; one that nothing was compacted into yet, or whose blocks can't be read, is not there. */
  find({ model, dimensions }: SpaceName): StoredSpace | undefined {
    const row = this.#statements.space.get({ model, dimensions });
    if (row === undefined || read.number(row, 'format') !== this.#format) return undefined;
    const id = read.number(row, 'id');
    return {
      id,
      centroid: decodeVector(read.bytes(row, 'centre')),
      rows: read.number(this.#statements.countRows.one({ space: id }), 'count'),
    };
  }

  /** Returns whether this release reads the blocks of a space: those of another format are made anew. */
  isReadable({ model, dimensions }: SpaceName): boolean {
    const row = this.#statements.space.get({ model, dimensions });
    return row === undefined || read.number(row, 'format') === this.#format;
  }

  /** Makes room for the rows of a space. */
  makeRows(
    { dimensions }: SpaceName,
    stored: StoredSpace | undefined,
    precision: Precision,
    arena?: Arena,
  ): InMemoryIndex {
    const keyword = Object.keys(this.#source.keyword);
    const numeric = Object.keys(this.#source.numeric);
    return new InMemoryIndex({ dimensions, centroid: stored?.centroid, keyword, numeric, precision, arena });
  }

  /** Adds the rows of blocks, from one number to another. */
  load(rows: InMemoryIndex, space: number, first: number, last: number): void {
    const wanted = JSON.stringify(PARTS[rows.precision]);
    let parts = new Map<string, Uint8Array>();
    for (const row of this.#statements.blocks.iterate({ space, first, last, parts: wanted })) {
      const part = read.text(row, 'part');
      parts.set(part, read.bytes(row, 'data'));
      if (part !== 'sketches') continue;
      rows.append(toEncodedRows(read.number(row, 'block'), parts));
      for (const copied of parts.values()) free(copied);
      parts = new Map();
    }
  }

  /** The numbers of a space's blocks. */
  blockNumbers(space: number): number[] {
    return this.#statements.blockNumbers.all({ space }).map((row) => read.number(row, 'block'));
  }

  /** The keys of all rows in a space whose blocks have another format; none if its blocks can be read. */
  keysOutsideBlocks(name: SpaceName): number[] {
    if (this.isReadable(name)) return [];
    const rows = this.#statements.keysOfSpace.all({ model: name.model, bytes: name.dimensions * 4 });
    return rows.map((row) => read.number(row, 'key'));
  }

  /** The keys that changed after a position of the log. */
  changedKeys(after: number): number[] {
    return this.#statements.changedKeys.all({ after }).map((row) => read.number(row, 'key'));
  }

  /** Brings rows to their present state in the database: those that are not of this space are taken away. */
  refresh(rows: InMemoryIndex, { model, dimensions }: SpaceName, keys: readonly number[]): void {
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      const some = keys.slice(start, start + KEYS_AT_ONCE);
      const present = this.#statements.rowsByKey
        .all({ keys: JSON.stringify(some), model, bytes: dimensions * 4 })
        .map(this.#toRow);
      const found = new Set(present.map(({ key }) => key));
      for (const key of some) if (!found.has(key)) rows.remove(key);
      for (const row of present) rows.put(row.key, row.vector, row);
    }
  }

  /** Reads vectors by the keys of their rows. */
  *vectors(keys: readonly number[]): Generator<{ key: number; vector: Uint8Array }> {
    if (keys.length === 0) return;
    for (const row of this.#statements.vectorsByKey.all({ keys: JSON.stringify(keys) })) {
      if (row['vector'] !== null) yield { key: read.number(row, 'key'), vector: read.bytes(row, 'vector') };
    }
  }
}

/** Gives bytes back that were copied: waiting for the collector, a load would take twice the memory. */
function free({ buffer, byteLength }: Uint8Array): void {
  if (types.isArrayBuffer(buffer) && buffer.byteLength === byteLength) buffer.transfer(0);
}

function toEncodedRows(block: number, parts: ReadonlyMap<string, Uint8Array>): EncodedRows {
  const rows = parts.get('rows');
  const bits1 = parts.get('sketches');
  if (rows === undefined || bits1 === undefined) {
    throw new CorruptError(`Block ${block} of the vector index lacks a part. Call rebuildVectorIndex().`);
  }
  const { offsets, factors, attributes } = decodeBlockRows(rows);
  const first = block * 2 ** BLOCK_BITS;
  const keys = new Float64Array(offsets.length);
  for (let i = 0; i < offsets.length; i++) keys[i] = first + (offsets[i] ?? 0);
  return { keys, factors, attributes, bits1, high: parts.get('high'), low: parts.get('low') };
}
