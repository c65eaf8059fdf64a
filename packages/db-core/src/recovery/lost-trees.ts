import type { SqlValue } from '../connection/driver.ts';
import { readTreePage, type TreeKind } from './file-format/b-tree-page.ts';
import type { PageFile } from './file-format/page-file.ts';
import type { Hole, StoredRow, TreeReader } from './file-format/tree-reader.ts';
import type { StoredColumn, StoredTree } from './stored-schema.ts';

/** A b-tree of which some pages are damaged. */
export interface DamagedTree extends StoredTree {
  readonly holes: readonly Hole[];
}

/** Pages that no sound page points to any more, with all rows below them. */
export interface LostTree {
  readonly rows: readonly StoredRow[];
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
  for (const [root, kind] of lostRoots(file, reader, free)) {
    const rows: StoredRow[] = [];
    reader.read(root, kind, (row) => rows.push(row));
    if (rows.length === 0) continue;
    const owners = damaged.filter((tree) => tree.kind === kind && canHaveHad(tree, rows));
    yield { rows, owner: owners.length === 1 ? owners[0] : undefined };
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

function canHaveHad({ columns, holes }: DamagedTree, rows: readonly StoredRow[]): boolean {
  if (columns !== undefined && !rows.every(({ values }) => fits(values, columns))) return false;
  return holes.some((hole) => rows.every(({ rowid }) => rowid === undefined || isWithin(rowid, hole)));
}

function isWithin(rowid: bigint, { after, last }: Hole): boolean {
  return (after === undefined || rowid > after) && (last === undefined || rowid <= last);
}

/** A row from before a column was added has fewer values than the table has columns. */
function fits(values: readonly SqlValue[], columns: readonly StoredColumn[]): boolean {
  return (
    values.length <= columns.length &&
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
