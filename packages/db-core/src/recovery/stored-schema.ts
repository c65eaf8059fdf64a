import { connect } from '../connection/connect.ts';
import type { Database, SqlValue } from '../connection/driver.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import type { TreeKind } from './file-format/b-tree-page.ts';
import type { StoredRow } from './file-format/tree-reader.ts';

/** A value of a record, in the order in which they are stored. */
export interface StoredColumn {
  readonly name: string;
  /** Its type, of a STRICT table. */
  readonly type: string | undefined;
  readonly isRequired: boolean;
  /** Whether it is another name of the rowid, which the record leaves out. */
  readonly isRowid: boolean;
  /** Whether it is computed from others. */
  readonly isGenerated: boolean;
}

/** A b-tree that the schema names. */
export interface StoredTree {
  readonly name: string;
  /** The page that it begins on; 0 if that is lost. */
  readonly root: number;
  readonly kind: TreeKind;
  /** Whether rows from before a column was added may have fewer values. */
  readonly isTable: boolean;
  /** Absent for tables that SQLite makes for itself. */
  readonly columns: readonly StoredColumn[] | undefined;
}

/** The schema that a file holds. */
export interface StoredSchema {
  /** Tables with rows of their own, and the SQL of each. */
  readonly tables: readonly (StoredTree & { readonly sql: string; readonly columns: readonly StoredColumn[] })[];
  /** Every b-tree, those of indexes and of virtual tables among them. */
  readonly trees: readonly StoredTree[];
  /** The SQL of indexes. */
  readonly indexes: readonly string[];
  /** The SQL of full-text tables, views and triggers, in the order in which they can be made. */
  readonly others: readonly string[];
}

const ORDER = ['table', 'index', 'view', 'trigger'];

/**
 * Makes sense of the rows of `sqlite_schema`. What a virtual table keeps its own data in is no table of the schema: making
 * the virtual table makes it.
 *
 * @param lost - definitions whose rows are lost, and that are known from elsewhere
 */
export function describeSchema(rows: readonly StoredRow[], lost: readonly SchemaObject[] = []): StoredSchema {
  const objects = [...rows.map(toObject), ...lost].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
  const made = objects.filter(({ name }) => !name.startsWith('sqlite_'));
  const empty = connect(':memory:');
  try {
    for (const { type, sql } of made) if (type === 'table' && isVirtual(sql)) empty.exec(sql);
    for (const { type, name, sql } of made) if (type === 'table' && !isThere(empty, name)) empty.exec(sql);
    for (const { type, sql } of made) if (type === 'index' && sql !== '') empty.exec(sql);
    const kinds = tableKinds(empty);
    const trees = objects.flatMap(({ type, name, root, sql }) => {
      if ((type !== 'table' && type !== 'index') || isVirtual(sql)) return [];
      const isIndex = type === 'index' || kinds.get(name)?.withoutRowid === true;
      const columns = type === 'index' ? indexColumns(empty, name) : tableColumns(empty, name, kinds.get(name));
      const kind: TreeKind = isIndex ? 'index' : 'table';
      const isTable = type === 'table';
      return [{ name, root, kind, isTable, columns: columns.length === 0 ? undefined : columns }];
    });
    return {
      tables: made.flatMap(({ type, name, sql }) => {
        const tree = trees.find((one) => one.name === name);
        if (type !== 'table' || kinds.get(name)?.type !== 'table' || tree?.columns === undefined) return [];
        return [{ ...tree, columns: tree.columns, sql }];
      }),
      trees,
      indexes: made.filter(({ type, sql }) => type === 'index' && sql !== '').map(({ sql }) => sql),
      others: made
        .filter(({ type, name }) => type === 'view' || type === 'trigger' || kinds.get(name)?.type === 'virtual')
        .map(({ sql }) => sql),
    };
  } finally {
    empty.close();
  }
}

/** A row of `sqlite_schema`. */
export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly root: number;
  readonly sql: string;
}

/** Reads a row of `sqlite_schema`, whose columns are type, name, tbl_name, rootpage and sql. */
export function toObject({ values: [type, name, , root, sql] }: StoredRow): SchemaObject {
  return { type: textOf(type), name: textOf(name), root: Number(root ?? 0), sql: textOf(sql) };
}

function textOf(value: SqlValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isVirtual(sql: string): boolean {
  return /^CREATE\s+VIRTUAL\s/i.test(sql);
}

function isThere(db: Database, name: string): boolean {
  const sql = 'SELECT 1 FROM sqlite_schema WHERE name = @name';
  return contextOf(db).prepare(sql, 'recovery.schema').get({ name }) !== undefined;
}

interface TableKind {
  readonly type: string;
  readonly withoutRowid: boolean;
  readonly isStrict: boolean;
}

function tableKinds(db: Database): ReadonlyMap<string, TableKind> {
  const rows = contextOf(db).prepare('SELECT name, type, wr, strict FROM pragma_table_list', 'recovery.schema').all();
  return new Map(
    rows.map((row) => [
      read.text(row, 'name'),
      { type: read.text(row, 'type'), withoutRowid: read.flag(row, 'wr'), isStrict: read.flag(row, 'strict') },
    ]),
  );
}

/** A record of a rowid table has the columns in their order, one without has those of the primary key first. */
function tableColumns(db: Database, table: string, kind: TableKind | undefined): StoredColumn[] {
  const order = kind?.withoutRowid
    ? `(SELECT x.seqno FROM pragma_index_list(@table) AS l JOIN pragma_index_xinfo(l.name) AS x ON x.cid = c.cid
        WHERE l.origin = 'pk')`
    : 'c.cid';
  const sql = `SELECT c.name, c.type, c."notnull" AS required, c.hidden = 3 AS generated,
      c.pk = 1 AND lower(c.type) = 'integer' AND NOT @withoutRowid
        AND NOT EXISTS (SELECT 1 FROM pragma_index_list(@table) WHERE origin = 'pk')
        AND (SELECT max(pk) FROM pragma_table_xinfo(@table)) = 1 AS rowid
    FROM pragma_table_xinfo(@table) AS c WHERE c.hidden IN (0, 3) ORDER BY ${order}`;
  return contextOf(db)
    .prepare(sql, 'recovery.schema')
    .all({ table, withoutRowid: kind?.withoutRowid ? 1 : 0 })
    .map((row) => ({
      name: read.text(row, 'name'),
      type: kind?.isStrict ? read.text(row, 'type') : undefined,
      isRequired: read.flag(row, 'required'),
      isRowid: read.flag(row, 'rowid'),
      isGenerated: read.flag(row, 'generated'),
    }));
}

function indexColumns(db: Database, index: string): StoredColumn[] {
  const sql = `SELECT ifnull(x.name, '') AS name, CASE x.cid WHEN -1 THEN 'INTEGER' ELSE iif(l.strict, c.type, NULL) END AS type
    FROM pragma_index_xinfo(@index) AS x JOIN sqlite_schema AS s ON s.name = @index
      JOIN pragma_table_list(s.tbl_name) AS l LEFT JOIN pragma_table_xinfo(s.tbl_name) AS c ON c.cid = x.cid
    ORDER BY x.seqno`;
  return contextOf(db)
    .prepare(sql, 'recovery.schema')
    .all({ index })
    .map((row) => ({
      name: read.text(row, 'name'),
      type: read.optionalText(row, 'type'),
      isRequired: false,
      isRowid: false,
      isGenerated: false,
    }));
}
