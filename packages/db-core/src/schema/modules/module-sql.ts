import type { Database } from '../../connection/driver.ts';
import { InvalidInputError, toDatabaseError } from '../../errors/index.ts';
import { isError } from '../../errors/is-error.ts';
import { contextOf } from '../../sql/connection-context.ts';
import * as read from '../../sql/row-readers.ts';
import { splitStatements } from '../../sql/split-statements.ts';
import { statementsThatFire } from '../firing-statements.ts';
import type { ModuleNames } from './module-names.ts';
import { tablesWrittenBy } from './written-tables.ts';

/** What a migration may do. The others begin or end transactions, or reach other files and settings. */
const DEFINITIONS = ['CREATE', 'ALTER', 'DROP'];
const VERBS = [...DEFINITIONS, 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'WITH', 'SELECT', 'VALUES'];

/**
 * Runs the SQL of a module inside the transaction that the caller holds, statement by statement, and only what touches the
 * module's own tables.
 *
 * @param field - what errors name, such as `migrations[2]`
 * @throws InvalidInputError when a statement is of another kind, or touches what is not the module's: the caller rolls back
 */
export function runModuleSql(db: Database, sql: string, names: ModuleNames, field: string): void {
  const refuse = (expected: string): never => {
    throw new InvalidInputError(field, expected);
  };
  const before = everythingElse(db, names);
  for (const statement of splitStatements(sql)) {
    if (!VERBS.includes(statement.verb)) refuse(`expected statements that begin with ${VERBS.join(', ')}`);
    const isDefinition = DEFINITIONS.includes(statement.verb);
    if (!writesOnlyOwn(db, statement.sql, names, isDefinition)) refuse(OWN_ONLY);
    run(db, statement.sql);
    if (!db.inTransaction) refuse('expected SQL that leaves the transaction alone');
    if (isDefinition && !triggersWriteOnlyOwn(db, names)) refuse(OWN_ONLY);
  }
  if (everythingElse(db, names) !== before) refuse(OWN_ONLY);
}

const OWN_ONLY =
  "expected SQL that touches nothing but tables, indexes, triggers and views that begin with the module's name";

function run(db: Database, sql: string): void {
  const statement = db.prepare(sql);
  if (statement.reader) statement.all();
  else statement.run();
}

/** SQLite's own tables are written along: their rows are compared afterwards. */
function writesOnlyOwn(db: Database, sql: string, names: ModuleNames, isDefinition: boolean): boolean {
  const isWrittenAlong = (name: string) => name === 'sqlite_sequence' || (isDefinition && name.startsWith('sqlite_'));
  return tablesWrittenBy(db, sql, virtualTables(db, names)).every(
    ({ name, isNested }) => name !== undefined && (names.has(name) || (!isNested && isWrittenAlong(name))),
  );
}

/** A trigger of the module would go on writing after the migration. */
function triggersWriteOnlyOwn(db: Database, names: ModuleNames): boolean {
  const sql = "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'";
  return contextOf(db)
    .prepare(sql, 'module.check')
    .all()
    .map((row) => read.text(row, 'tbl_name'))
    .filter((table) => names.has(table))
    .flatMap((table) => statementsThatFire(db, table))
    .filter((statement) => canRun(db, statement))
    .every((statement) => writesOnlyOwn(db, statement, names, false));
}

/** A view without a trigger for an event can't be changed that way, and fires none. */
function canRun(db: Database, sql: string): boolean {
  try {
    db.prepare(`EXPLAIN ${sql}`);
    return true;
  } catch (error) {
    if (isError(error) && /^cannot modify .* because it is a view$/.test(error.message)) return false;
    throw toDatabaseError(error, 'module.check');
  }
}

function virtualTables(db: Database, names: ModuleNames): string[] {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'";
  return contextOf(db)
    .prepare(sql, 'module.check')
    .all()
    .map((row) => read.text(row, 'name'))
    .filter((name) => names.has(name));
}

/** All of the schema that is not the module's, and the ids given out so far, as one comparable text. */
function everythingElse(db: Database, names: ModuleNames): string {
  const schema = contextOf(db)
    .prepare(
      `SELECT 'main' AS place, type, name, tbl_name, rootpage, ifnull(sql, '') AS sql FROM sqlite_schema
       UNION ALL SELECT 'temp', type, name, tbl_name, rootpage, ifnull(sql, '') FROM sqlite_temp_schema
       ORDER BY place, type, name`,
      'module.check',
    )
    .all()
    .filter((row) => read.text(row, 'place') === 'temp' || !isOwn(row, names));
  const ids = contextOf(db)
    .prepare('SELECT name, seq FROM sqlite_sequence ORDER BY name', 'module.check')
    .all()
    .filter((row) => !names.has(read.text(row, 'name')));
  return JSON.stringify([schema, ids]);
}

function isOwn(row: Readonly<Record<string, unknown>>, names: ModuleNames): boolean {
  const name = read.text(row, 'name');
  return names.has(read.text(row, 'tbl_name')) && (names.has(name) || name.startsWith('sqlite_autoindex_'));
}
