import type { Database } from '../connection/driver.ts';
import { hasErrorCode, toDatabaseError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import { quoted } from '../sql/quoted.ts';
import * as read from '../sql/row-readers.ts';
import { statementsThatFire } from './firing-statements.ts';
import { ownObjectNames } from './own-objects.ts';

/** An index, a trigger or a view that somebody added to a file, and a full-text table whose name is ours now. */
export interface ObjectOfOthers {
  readonly type: 'index' | 'trigger' | 'view' | 'table';
  readonly name: string;
  /** The table that it is on, or its own name. */
  readonly table: string;
  readonly sql: string;
  /** Whether SQLite could compile it. */
  readonly isSound: boolean;
  /** The columns of an index that only makes queries faster. */
  readonly serves: string | undefined;
}

/** The names that the contract knows of earlier releases. */
const OF_EARLIER_RELEASES = new Set(['messages_fts', 'messages_ai', 'messages_ad', 'messages_au']);

/** An index, a trigger and a view, in the order in which they can be made again. */
const KINDS = ['table', 'index', 'view', 'trigger'] as const;

/** Reads what others added to a file that is about to be upgraded. */
export function readObjectsOfOthers(db: Database, isLegacy: boolean): ObjectOfOthers[] {
  const ours = isLegacy ? OF_EARLIER_RELEASES : ownObjectNames();
  return contextOf(db)
    .prepare(
      `SELECT type, name, tbl_name, sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND (type <> 'table' OR sql LIKE 'CREATE VIRTUAL%')`,
      'schema.upgrade',
    )
    .all()
    .map((row) => ({
      type: read.oneOf(row, 'type', KINDS),
      name: read.text(row, 'name'),
      table: read.text(row, 'tbl_name'),
      sql: read.text(row, 'sql'),
    }))
    .filter(({ name }) => !ours.has(name))
    .map((object) => ({ ...object, isSound: whyUnsound(db, object) === undefined, serves: servedColumns(db, object) }))
    .sort((a, b) => KINDS.indexOf(a.type) - KINDS.indexOf(b.type));
}

/**
 * Makes again what the upgrade dropped with the tables of old. What does not fit the new ones is recorded in
 * `adoption_rejects` with its SQL, and its name is returned.
 */
export function keepObjectsOfOthers(db: Database, before: readonly ObjectOfOthers[]): string[] {
  const record = contextOf(db).prepare(
    `INSERT INTO adoption_rejects (source_table, reason, row)
     VALUES (@table, @reason, json_object('type', @type, 'name', @name, 'sql', @sql))`,
    'schema.upgrade',
  );
  // Views and triggers are made again one by one, so that one which does not compile is not blamed on another.
  for (const object of before) {
    const isProgram = object.type === 'view' || object.type === 'trigger';
    if (isProgram && object.isSound) db.exec(`DROP ${object.type.toUpperCase()} IF EXISTS ${quoted(object.name)}`);
  }
  return before.flatMap((object) => {
    const { table, type, name, sql } = object;
    const problem = keep(db, object);
    if (problem === undefined) return [];
    record.run({ table, reason: `the ${type} ${name} does not fit the tables of today: ${problem}`, type, name, sql });
    return [`${type} ${name}`];
  });
}

/** Says which objects were not kept, and where their SQL is. */
export function describeMisfits(file: string, misfits: readonly string[]): string {
  return `The upgrade of ${file} could not keep ${misfits.join(', ')}: the tables changed. The SQL is in adoption_rejects.`;
}

/** Returns why an object can't be kept. */
function keep(db: Database, object: ObjectOfOthers): string | undefined {
  const found = contextOf(db)
    .prepare('SELECT sql FROM sqlite_schema WHERE name = @name', 'schema.upgrade')
    .get({ name: object.name });
  if (object.serves !== undefined && servingColumns(db, object.table).some((one) => one.startsWith(`${object.serves}`)))
    return undefined;
  if (found === undefined) {
    const problem = whyRefused(() => db.exec(object.sql));
    if (problem !== undefined) return problem;
  } else if (read.optionalText(found, 'sql') !== object.sql) return 'its name is taken';
  const problem = object.isSound ? whyUnsound(db, object) : undefined;
  if (problem !== undefined) db.exec(`DROP ${object.type.toUpperCase()} ${quoted(object.name)}`);
  return problem;
}

/** Returns what SQLite says when it compiles a view, or the triggers of a table. */
function whyUnsound(db: Database, object: Pick<ObjectOfOthers, 'type' | 'name' | 'table'>): string | undefined {
  if (object.type === 'view') return whyRefused(() => db.prepare(`SELECT * FROM ${quoted(object.name)}`));
  if (object.type !== 'trigger') return undefined;
  return statementsThatFire(db, object.table)
    .map((sql) => whyRefused(() => db.prepare(`EXPLAIN ${sql}`)))
    .find((problem) => problem !== undefined);
}

function whyRefused(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (cause) {
    const error = toDatabaseError(cause, 'schema.upgrade');
    if (hasErrorCode(error, 'DB_QUERY_FAILED', 'DB_CONSTRAINT')) return error.message;
    throw error;
  }
}

/** The columns of an index without a rule or a condition, as one comparable text. */
function servedColumns(db: Database, { type, name, table }: { type: string; name: string; table: string }) {
  return type === 'index' ? plainIndexes(db, table).find((index) => index.name === name)?.columns : undefined;
}

function servingColumns(db: Database, table: string): string[] {
  return plainIndexes(db, table).map(({ columns }) => columns);
}

/** The indexes of a table that hold all of its rows, and no rule that somebody may rely on. */
function plainIndexes(db: Database, table: string): { name: string; columns: string }[] {
  return contextOf(db)
    .prepare(
      `SELECT l.name, group_concat(x.name || ' ' || x.coll || ',', '' ORDER BY x.seqno) AS columns, min(x.cid) AS cid
       FROM pragma_index_list(@table) AS l JOIN pragma_index_xinfo(l.name) AS x ON x.key
       WHERE NOT l.partial AND NOT (l."unique" AND l.origin = 'c') GROUP BY l.name`,
      'schema.upgrade',
    )
    .all({ table })
    .filter((row) => read.number(row, 'cid') >= 0)
    .map((row) => ({ name: read.text(row, 'name'), columns: read.text(row, 'columns') }));
}
