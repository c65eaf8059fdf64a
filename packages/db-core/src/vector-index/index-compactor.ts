import { decodeVector, encodeVector } from '../codecs/vectors.ts';
import type { Row } from '../sql/prepared-statement.ts';
import * as read from '../sql/row-readers.ts';
import type { Transaction } from '../sql/transactions.ts';
import type { VectorSource } from '../table-kit/vector-source.ts';
import { BLOCK_BITS, formatOf } from './block-format.ts';
import { BlockWriter } from './block-writer.ts';
import { type VectorRow, vectorRowReader } from './source-rows.ts';
import type { VectorStatements } from './statements.ts';

/** Positions of the log kept behind the last compaction, so that processes that saw an older state can still catch up. */
const HISTORY = 65_536;

/** A centroid is the mean of at most this many vectors. */
const SAMPLE = 4_096;

/** A centroid is taken anew once a space has grown this many times beyond what it was taken from. */
const REGROWTH = 4;

interface Space {
  readonly id: number;
  readonly model: string;
  readonly dimensions: number;
  readonly writer: BlockWriter;
  readonly sampled: number;
}

/**
 * Compacts the log of changes into the blocks. A block is made from the rows of its keys alone, whatever it held before, so
 * that compacting after any history gives what {@link rebuild} gives.
 */
export class IndexCompactor {
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

  /** Writes the blocks of all keys that changed since the last compaction. */
  compact(transaction: Transaction): void {
    const { newest, compactedThrough } = this.#head();
    const spaces = this.#spaces();
    if (spaces === undefined) {
      this.rebuild(transaction);
      return;
    }
    this.#writeBlocks(this.#statements.changedBlocks.all({ after: compactedThrough }), spaces);
    this.#recomputeGrownCentroids(spaces);
    this.#finish(newest);
  }

  /** Writes every block anew. */
  rebuild(_transaction: Transaction): void {
    const { newest } = this.#head();
    this.#statements.deleteSpaces.run();
    this.#writeBlocks(this.#statements.allBlocks.all(), new Map());
    this.#finish(newest);
  }

  #head(): { newest: number; compactedThrough: number } {
    const row = this.#statements.head.one();
    return { newest: read.number(row, 'newest'), compactedThrough: read.number(row, 'folded') };
  }

  #finish(newest: number): void {
    const trimmed = Math.max(0, newest - HISTORY);
    this.#statements.advance.run({ compactedThrough: newest, trimmed });
    this.#statements.trim.run({ trimmed });
  }

  /** The spaces by model and dimensions; `undefined` if one has another format. */
  #spaces(): Map<string, Space> | undefined {
    const spaces = new Map<string, Space>();
    for (const row of this.#statements.spaces.all()) {
      if (read.number(row, 'format') !== this.#format) return undefined;
      const model = read.text(row, 'model');
      const dimensions = read.number(row, 'dimensions');
      const centroid = decodeVector(read.bytes(row, 'centre'));
      spaces.set(spaceName(model, dimensions), {
        id: read.number(row, 'id'),
        model,
        dimensions,
        writer: new BlockWriter(dimensions, centroid),
        sampled: read.number(row, 'centre_rows'),
      });
    }
    return spaces;
  }

  #writeBlocks(blocks: readonly Row[], spaces: Map<string, Space>): void {
    for (const row of blocks) this.#writeBlock(read.number(row, 'block'), spaces);
  }

  #writeBlock(block: number, spaces: Map<string, Space>): void {
    for (const { id } of spaces.values()) this.#statements.deleteBlock.run({ space: id, block });
    const first = block * 2 ** BLOCK_BITS;
    const groups = new Map<Space, VectorRow[]>();
    for (const row of this.#statements.blockVectors.all({ first, last: first + 2 ** BLOCK_BITS - 1 })) {
      const vector = this.#toRow(row);
      const space = this.#spaceOf(read.text(row, 'model'), vector.vector.byteLength / 4, spaces);
      const group = groups.get(space);
      if (group === undefined) groups.set(space, [vector]);
      else group.push(vector);
    }
    const { keyword, numeric } = this.#source;
    for (const [{ id, writer }, rows] of groups) {
      const parts = writer.encode(rows, first, Object.keys(keyword).length, Object.keys(numeric).length);
      for (const [part, data] of Object.entries(parts)) {
        this.#statements.insertPart.run({ space: id, block, part, rows: rows.length, data });
      }
    }
  }

  #spaceOf(model: string, dimensions: number, spaces: Map<string, Space>): Space {
    const name = spaceName(model, dimensions);
    const known = spaces.get(name);
    if (known !== undefined) return known;
    const writer = new BlockWriter(dimensions, undefined);
    const sample = this.#sample(model, dimensions);
    const centroid = encodeVector(writer.recomputeCentroid(sample));
    const space = { model, dimensions, format: this.#format, centroid, centroidRows: sample.length };
    const id = read.number(this.#statements.insertSpace.one(space), 'id');
    const made = { id, model, dimensions, writer, sampled: sample.length };
    spaces.set(name, made);
    return made;
  }

  /** The first vectors of a space may be all alike: its centroid is taken again while it is young. */
  #recomputeGrownCentroids(spaces: Map<string, Space>): void {
    const grown = [...spaces.values()].filter(({ id, sampled }) => {
      if (sampled >= SAMPLE) return false;
      return read.number(this.#statements.countRows.one({ space: id }), 'count') >= REGROWTH * sampled;
    });
    if (grown.length === 0) return;
    for (const { id, model, dimensions, writer } of grown) {
      const sample = this.#sample(model, dimensions);
      const centroid = encodeVector(writer.recomputeCentroid(sample));
      this.#statements.setCentroid.run({ space: id, centroid, centroidRows: sample.length });
    }
    this.#writeBlocks(this.#statements.allBlocks.all(), spaces);
  }

  #sample(model: string, dimensions: number): Float32Array[] {
    const rows = this.#statements.sample.all({ model, bytes: dimensions * 4, limit: SAMPLE });
    return rows.flatMap((row) => decodeVector(read.bytes(row, 'vector')) ?? []);
  }
}

function spaceName(model: string, dimensions: number): string {
  return `${dimensions} ${model}`;
}
