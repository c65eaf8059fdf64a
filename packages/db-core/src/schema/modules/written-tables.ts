import type { Database } from '../../connection/driver.ts';
import { hasErrorCode, toDatabaseError } from '../../errors/index.ts';
import { contextOf } from '../../sql/connection-context.ts';
import type { Row } from '../../sql/prepared-statement.ts';
import { quoted } from '../../sql/quoted.ts';
import * as read from '../../sql/row-readers.ts';

/** A table, an index or a trigger that a program of SQLite changes. */
export interface WrittenTable {
  /** Its name; absent for a virtual table that none of the given names stands for, and for a table of another schema. */
  readonly name: string | undefined;
  /** Whether the program of a trigger or of a foreign key writes it. */
  readonly isNested: boolean;
}

/** The flag of `OpenWrite` for a table that the same statement makes: its page is not known yet. */
const IN_REGISTER = 0x10;

/** Where the opcodes that write have the page that a b-tree begins on, and the number of the schema (https://www.sqlite.org/opcode.html). */
const WRITES: Readonly<Record<string, { root: string; schema: string }>> = {
  OpenWrite: { root: 'p2', schema: 'p3' },
  Clear: { root: 'p1', schema: 'p2' },
  Destroy: { root: 'p1', schema: 'p3' },
};

/** The opcodes that take something away name it themselves, and have the number of its schema in `p1`. */
const DROPS = ['DropTable', 'DropIndex', 'DropTrigger', 'VDestroy'];

/**
 * Returns the tables that a statement writes, as SQLite compiled it: whatever its SQL looks like, with all that triggers and
 * foreign keys do when it runs.
 *
 * @param virtualTables - the virtual tables that are known by name
 */
export function tablesWrittenBy(db: Database, sql: string, virtualTables: readonly string[]): WrittenTable[] {
  const written: WrittenTable[] = [];
  let programs = 0;
  for (const row of explain(db, sql)) {
    const opcode = read.text(row, 'opcode');
    if (opcode === 'Init') programs++;
    const isNested = programs > 1;
    const place = WRITES[opcode];
    if (opcode === 'VUpdate') {
      written.push({ name: virtualTables.find((name) => handleOf(db, name) === read.text(row, 'p4')), isNested });
    } else if (opcode === 'SqlExec') {
      written.push({ name: undefined, isNested });
    } else if (DROPS.includes(opcode)) {
      written.push({ name: read.number(row, 'p1') === 0 ? read.text(row, 'p4') : undefined, isNested });
    } else if (place !== undefined && !(opcode === 'OpenWrite' && (read.number(row, 'p5') & IN_REGISTER) !== 0)) {
      const name = tableAt(db, read.number(row, place.schema), read.number(row, place.root));
      written.push({ name, isNested });
    }
  }
  return written;
}

/** SQLite writes the address of a virtual table into the programs that change it. */
function handleOf(db: Database, name: string): string | undefined {
  const update = explainIfPossible(db, `DELETE FROM ${quoted(name)}`).find(
    (row) => read.text(row, 'opcode') === 'VUpdate',
  );
  return update === undefined ? undefined : read.text(update, 'p4');
}

/** Some virtual tables can't be changed at all. */
function explainIfPossible(db: Database, sql: string): Row[] {
  try {
    return explain(db, sql);
  } catch (error) {
    if (hasErrorCode(error, 'DB_QUERY_FAILED')) return [];
    throw error;
  }
}

/** Schema 0 is the file, schema 1 holds temporary tables. */
function tableAt(db: Database, schema: number, root: number): string | undefined {
  if (root === 1) return ['sqlite_schema', 'sqlite_temp_schema'][schema];
  if (schema !== 0) return undefined;
  const sql = 'SELECT tbl_name FROM sqlite_schema WHERE rootpage = @root';
  const row = contextOf(db).prepare(sql, 'schema.explain').get({ root });
  return row === undefined ? undefined : read.text(row, 'tbl_name');
}

function explain(db: Database, sql: string): Row[] {
  try {
    return db
      .prepare(`EXPLAIN ${sql}`)
      .all()
      .map((row) => Object(row));
  } catch (error) {
    throw toDatabaseError(error, 'schema.explain');
  }
}
