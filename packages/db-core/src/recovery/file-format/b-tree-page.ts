import { readVarint } from './varint.ts';

/** The two kinds of b-trees: tables are keyed by rowid, indexes and WITHOUT ROWID tables by their columns. */
export type TreeKind = 'table' | 'index';

/** The payload of a cell: what lies on the page, and the overflow page that it goes on. */
export interface Payload {
  readonly bytes: number;
  readonly local: Buffer;
  /** 0 if all of it is on the page. */
  readonly overflow: number;
}

/** A row, or an entry of an index. */
export interface PageRow {
  /** Of a table. */
  readonly rowid?: bigint;
  readonly payload: Payload;
}

/** A pointer to the page below, whose keys are up to `last`. */
export interface PageChild {
  readonly page: number;
  /** The largest rowid below it; absent for the last child, and in an index. */
  readonly last?: bigint;
}

/** The content of a page of a b-tree. */
export interface TreePage {
  readonly kind: TreeKind;
  readonly children: readonly PageChild[];
  readonly rows: readonly PageRow[];
  /** Cells that can't be read. */
  readonly brokenCells: number;
}

const KINDS: Readonly<Record<number, { kind: TreeKind; isLeaf: boolean }>> = {
  2: { kind: 'index', isLeaf: false },
  5: { kind: 'table', isLeaf: false },
  10: { kind: 'index', isLeaf: true },
  13: { kind: 'table', isLeaf: true },
};

/**
 * Reads a page of a b-tree (https://www.sqlite.org/fileformat2.html, section 1.6). Only cells that the page points to are
 * read, never what deleted rows left between them.
 *
 * @returns nothing if it is no such page, or damaged
 */
export function readTreePage(bytes: Buffer, page: number): TreePage | undefined {
  // The header of the file comes first on page 1.
  const start = page === 1 ? 100 : 0;
  const found = KINDS[bytes.readUInt8(start)];
  if (found === undefined) return undefined;
  const { kind, isLeaf } = found;
  const count = bytes.readUInt16BE(start + 3);
  const pointers = start + (isLeaf ? 8 : 12);
  const content = pointers + 2 * count;
  if (content > bytes.length) return undefined;

  const children: PageChild[] = [];
  const rows: PageRow[] = [];
  let brokenCells = 0;
  for (let index = 0; index < count; index++) {
    const offset = bytes.readUInt16BE(pointers + 2 * index);
    if (offset < content || offset + 4 > bytes.length) return undefined;
    const at = isLeaf ? offset : offset + 4;
    const row = isLeaf || kind === 'index' ? readRow(bytes, at, kind) : undefined;
    if (row !== undefined) rows.push(row);
    else if (isLeaf || kind === 'index') brokenCells++;
    if (!isLeaf) {
      const last = kind === 'table' ? readVarint(bytes, at)?.value : undefined;
      children.push({ page: bytes.readUInt32BE(offset), ...(last === undefined ? {} : { last }) });
    }
  }
  if (!isLeaf) children.push({ page: bytes.readUInt32BE(start + 8) });
  return { kind, children, rows, brokenCells };
}

function readRow(bytes: Buffer, start: number, kind: TreeKind): PageRow | undefined {
  const size = readVarint(bytes, start);
  const rowid = size === undefined || kind === 'index' ? undefined : readVarint(bytes, size.end);
  if (size === undefined || (kind === 'table' && rowid === undefined)) return undefined;
  const payload = readPayload(bytes, rowid?.end ?? size.end, Number(size.value), kind);
  if (payload === undefined) return undefined;
  return { payload, ...(rowid === undefined ? {} : { rowid: rowid.value }) };
}

/** Section 1.6 of the file format says which part of a payload lies on its page. The letters are those it uses. */
function readPayload(bytes: Buffer, start: number, P: number, kind: TreeKind): Payload | undefined {
  const U = bytes.length;
  const X = kind === 'table' ? U - 35 : Math.floor(((U - 12) * 64) / 255) - 23;
  const M = Math.floor(((U - 12) * 32) / 255) - 23;
  const K = M + ((P - M) % (U - 4));
  const local = P <= X ? P : K <= X ? K : M;
  const end = start + local;
  if (!(P >= 0) || end + (local < P ? 4 : 0) > U) return undefined;
  return { bytes: P, local: bytes.subarray(start, end), overflow: local < P ? bytes.readUInt32BE(end) : 0 };
}
