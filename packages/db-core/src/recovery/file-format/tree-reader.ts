import type { SqlValue } from '../../connection/driver.ts';
import { type Payload, readTreePage, type TreeKind } from './b-tree-page.ts';
import type { PageFile } from './page-file.ts';
import { decodeRecord } from './record.ts';

/** Deeper than any b-tree that fits a file. */
const MAX_DEPTH = 40;

/** A row as it is stored: of a rowid table with its rowid. */
export interface StoredRow {
  readonly rowid?: bigint;
  readonly values: readonly SqlValue[];
}

/** A place in a b-tree whose page can't be read: what was below it has rowids above `after`, up to `last`. */
export interface Hole {
  readonly page: number;
  readonly after?: bigint;
  readonly last?: bigint;
}

/** What could not be read of a b-tree. */
export interface Damage {
  readonly holes: readonly Hole[];
  /** Rows of which a part is damaged, on sound pages. */
  readonly brokenRows: number;
}

/** Reads b-trees page by page, around what is damaged, and remembers which pages it has seen. */
export class TreeReader {
  readonly #file: PageFile;
  readonly #seen: Uint8Array;

  constructor(file: PageFile) {
    this.#file = file;
    this.#seen = new Uint8Array(file.pageCount + 1);
  }

  /** Returns whether a page is part of what was read. */
  hasSeen(page: number): boolean {
    return this.#seen[page] === 1;
  }

  /** Reads a b-tree from its root down, in the order of its keys, but for the rows on inner pages of an index. */
  read(root: number, kind: TreeKind, take: (row: StoredRow) => void): Damage {
    const holes: Hole[] = [];
    let brokenRows = 0;
    const visit = (hole: Hole, depth: number): void => {
      const page = depth > MAX_DEPTH || this.hasSeen(hole.page) ? undefined : this.#readPage(hole.page, kind);
      if (page === undefined) {
        holes.push(hole);
        return;
      }
      brokenRows += page.brokenCells;
      for (const { rowid, payload } of page.rows) {
        const values = this.#decode(payload);
        if (values === undefined) brokenRows++;
        else take(rowid === undefined ? { values } : { rowid, values });
      }
      let after = hole.after;
      for (const child of page.children) {
        const last = child.last ?? hole.last;
        visit(
          { page: child.page, ...(after === undefined ? {} : { after }), ...(last === undefined ? {} : { last }) },
          depth + 1,
        );
        after = child.last;
      }
    };
    visit({ page: root }, 0);
    return { holes, brokenRows };
  }

  #readPage(number: number, kind: TreeKind) {
    const bytes = this.#file.read(number);
    if (bytes === undefined) return undefined;
    this.#seen[number] = 1;
    const page = readTreePage(bytes, number);
    return page?.kind === kind ? page : undefined;
  }

  #decode(payload: Payload): SqlValue[] | undefined {
    const parts = [payload.local];
    let missing = payload.bytes - payload.local.length;
    for (let next = payload.overflow; missing > 0; ) {
      const bytes = this.#file.read(next);
      if (bytes === undefined || this.hasSeen(next)) return undefined;
      this.#seen[next] = 1;
      const part = bytes.subarray(4, 4 + missing);
      parts.push(part);
      missing -= part.length;
      next = bytes.readUInt32BE(0);
      // The last page of a chain points to none, unless it is damaged.
      if (missing === 0 && next !== 0) return undefined;
    }
    return decodeRecord(Buffer.concat(parts), this.#file.encoding);
  }
}
