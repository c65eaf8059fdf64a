import type { SqlValue } from '../connection/driver.ts';
import { readTreePage, type TreeKind } from './file-format/b-tree-page.ts';
import type { PageFile } from './file-format/page-file.ts';
import { type Hole, type StoredRow, TreeReader } from './file-format/tree-reader.ts';
import type { StoredColumn, StoredTree } from './stored-schema.ts';

/** A b-tree of which some pages are damaged. */
export interface DamagedTree extends StoredTree {
  readonly holes: readonly Hole[];
}

/** Pages that no sound page points to any more, with all rows below them. */
export interface LostTree {
  readonly root: number;
  readonly rows: number;
  /** The damaged tree that they were part of, if only one can have had them. */
  readonly owner: DamagedTree | undefined;
}

/**
 * Finds what lay below damaged pages: b-tree pages that are neither free nor part of what `reader` has read, which must be
 * every b-tree of the file. Each is given to the one damaged tree whose columns and whose gaps its rows fit.
 */
export function* findLostTrees(
  file: PageFile,
  reader: TreeReader,
  free: ReadonlySet<number>,
  damaged: readonly DamagedTree[],
): Generator<LostTree, void, undefined> {
  const probe = new TreeReader(file);
  for (const [root, kind] of lostRoots(file, reader, free)) {
    const candidates = damaged.filter((tree) => tree.kind === kind).map((tree) => new Candidate(tree));
    let rows = 0;
    probe.read(root, kind, (row) => {
      rows++;
      for (const candidate of candidates) candidate.consider(row);
    });
    const owners = candidates.filter((candidate) => candidate.fitsAll());
    if (rows > 0) yield { root, rows, owner: owners.length === 1 ? owners[0]?.tree : undefined };
  }
}

/** Lost pages that no other lost page points to. */
function lostRoots(file: PageFile, reader: TreeReader, free: ReadonlySet<number>): Map<number, TreeKind> {
  const roots = new Map<number, TreeKind>();
  const below = new Set<number>();
  for (let page = 2; page <= file.pageCount; page++) {
    if (reader.hasSeen(page) || free.has(page) || file.isReserved(page)) continue;
    const bytes = file.read(page);
    const found = bytes === undefined ? undefined : readTreePage(bytes, page);
    if (found === undefined) continue;
    roots.set(page, found.kind);
    for (const child of found.children) below.add(child.page);
  }
  for (const page of below) roots.delete(page);
  return roots;
}

/** A damaged tree that rows may have been part of: row by row, the gaps that have room for all of them become fewer. */
class Candidate {
  readonly tree: DamagedTree;
  #gaps: readonly Hole[];

  constructor(tree: DamagedTree) {
    this.tree = tree;
    this.#gaps = tree.holes;
  }

  consider({ rowid, values }: StoredRow): void {
    const { columns, isTable } = this.tree;
    if (columns !== undefined && !fits(values, columns, isTable)) this.#gaps = [];
    if (rowid !== undefined) this.#gaps = this.#gaps.filter((gap) => isWithin(rowid, gap));
  }

  fitsAll(): boolean {
    return this.#gaps.length > 0;
  }
}

function isWithin(rowid: bigint, { after, last }: Hole): boolean {
  return (after === undefined || rowid > after) && (last === undefined || rowid <= last);
}

/** A row from before a column was added has fewer values than the table has columns. */
function fits(values: readonly SqlValue[], columns: readonly StoredColumn[], isTable: boolean): boolean {
  return (
    (isTable ? values.length <= columns.length : values.length === columns.length) &&
    columns.every((column, index) => index >= values.length || fitsColumn(values[index] ?? null, column))
  );
}

function fitsColumn(value: SqlValue, { isRowid, isRequired, type }: StoredColumn): boolean {
  if (isRowid) return value === null;
  if (value === null) return !isRequired;
  if (type === undefined || type === 'ANY') return true;
  if (typeof value === 'bigint') return type !== 'TEXT' && type !== 'BLOB';
  if (typeof value === 'number') return type === 'REAL';
  return type === (typeof value === 'string' ? 'TEXT' : 'BLOB');
}
