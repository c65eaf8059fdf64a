import { CorruptError } from '../errors/index.ts';
import { ownObjects } from '../schema/own-objects.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from '../schema/schema.ts';
import { PageFile } from './file-format/page-file.ts';
import { type Damage, type StoredRow, TreeReader } from './file-format/tree-reader.ts';
import { type DamagedTree, findLostTrees } from './lost-trees.ts';
import { describeSchema, type SchemaObject, type StoredSchema, type StoredTree, toObject } from './stored-schema.ts';

/** The page that the schema begins on. */
const SCHEMA_ROOT = 1;

/**
 * A database file that may be damaged, read page by page: SQLite refuses a table whose upper pages are damaged, although the rows
 * lie on sound ones. Free pages, and what deleted rows left on others, are never read.
 */
export class DamagedDatabase implements Disposable {
  readonly schema: StoredSchema;
  /** The version of our schema whose definitions fill in for those of the file that are damaged. */
  readonly filledInFrom: number | undefined;
  readonly #file: PageFile;
  readonly #reader: TreeReader;
  readonly #damaged: DamagedTree[] = [];
  readonly #unread: Map<string, StoredTree>;

  /** @throws CorruptError when the pages that say where everything is are damaged */
  constructor(path: string) {
    this.#file = new PageFile(path);
    try {
      this.#reader = new TreeReader(this.#file);
      const rows: StoredRow[] = [];
      const { holes, brokenRows } = this.#reader.read(SCHEMA_ROOT, 'table', (row) => rows.push(row));
      if (holes.length + brokenRows > 0) this.filledInFrom = this.#ownVersion(rows);
      this.schema = describeSchema(rows, this.filledInFrom === undefined ? [] : missing(rows, this.filledInFrom));
      this.#unread = new Map(this.schema.trees.map((tree) => [tree.name, tree]));
    } catch (error) {
      this.#file[Symbol.dispose]();
      throw error;
    }
  }

  /** The number that `PRAGMA application_id` reads. */
  get applicationId(): number {
    return this.#file.applicationId;
  }

  /** Reads the rows of a table that can be reached from its first page. */
  readTable(name: string, take: (row: StoredRow) => void): Damage {
    const tree = this.#unread.get(name);
    if (tree === undefined) return { holes: [], brokenRows: 0 };
    this.#unread.delete(name);
    const damage = this.#reader.read(tree.root, tree.kind, take);
    if (damage.holes.length > 0) this.#damaged.push({ ...tree, holes: damage.holes });
    return damage;
  }

  /**
   * Reads the rows that can't be reached, since a page above theirs is damaged. Call it when every table was read.
   *
   * @param problem - told why rows had to be left out
   */
  readLostRows(take: (table: string, row: StoredRow) => void, problem: (problem: string) => void): void {
    if (this.#damaged.length === 0) return;
    // What belongs to an index, or to a virtual table, belongs to no other tree.
    for (const name of [...this.#unread.keys()]) this.readTable(name, () => undefined);
    const free = this.#file.freePages();
    if (free === undefined) {
      problem(
        'The list of free pages is damaged: rows below damaged pages were left out, or deleted ones might come back.',
      );
      return;
    }
    let unknown = 0;
    // All are found before any is read: what was read is lost no more.
    for (const { root, rows, owner } of [...findLostTrees(this.#file, this.#reader, free, this.#damaged)]) {
      if (owner === undefined) unknown += rows;
      else this.#reader.read(root, owner.kind, (row) => take(owner.name, row));
    }
    if (unknown > 0) problem(`${unknown} rows fit more than one damaged table, or none, and were left out.`);
  }

  /** The version of our schema that the file says it has, or the newest if that is damaged too. */
  #ownVersion(rows: readonly StoredRow[]): number {
    if (this.#file.applicationId !== APPLICATION_ID) {
      throw new CorruptError('The pages that say which tables there are are damaged. Restore a backup.');
    }
    const root = rows.map(toObject).find(({ name }) => name === 'schema_version')?.root ?? 0;
    const versions: number[] = [];
    new TreeReader(this.#file).read(root, 'table', ({ rowid = 0n }) => versions.push(Number(rowid)));
    return versions.length === 0 ? SCHEMA_VERSION : Math.max(...versions);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** The definitions of ours that are missing; those of others are not known. */
function missing(rows: readonly StoredRow[], version: number): SchemaObject[] {
  const names = new Set(rows.map((row) => toObject(row).name));
  return ownObjects(version).flatMap((object) => (names.has(object.name) ? [] : [{ ...object, root: 0 }]));
}
