import type { Database } from '../connection/driver.ts';
import { readPragma } from '../connection/pragmas.ts';
import { ForeignFileError, NewerSchemaError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import { looksLikeCodeBuddy } from './legacy/legacy-shape.ts';
import { APPLICATION_ID } from './schema.ts';

/** The state of a file when it was opened. */
export type FileState =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'ours'; readonly version: number }
  | { readonly kind: 'legacy'; readonly version: number };

/**
 * Looks at a file without changing it.
 *
 * @throws ForeignFileError when it belongs to another program
 */
export function inspectFile(db: Database): FileState {
  const applicationId = readPragma(db, 'application_id');
  const tables = tableNames(db);
  if (applicationId === APPLICATION_ID) return { kind: 'ours', version: recordedVersion(db, tables) };
  if (applicationId === 0 && tables.length === 0) return { kind: 'fresh' };
  if (applicationId === 0 && looksLikeCodeBuddy(db, tables)) {
    return { kind: 'legacy', version: recordedVersion(db, tables) };
  }
  throw new ForeignFileError(
    `${db.name} is a SQLite database of another program and was left untouched. Give Code-Buddy a path of its own.`,
  );
}

/** Refuses a file that a newer release wrote. */
export function refuseNewer(db: Database, state: FileState, supported: number): void {
  if (state.kind === 'ours' && state.version > supported) throw new NewerSchemaError(db.name, state.version, supported);
}

function tableNames(db: Database): string[] {
  const statement = contextOf(db).prepare(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    'schema.inspect',
  );
  return statement.all().map((row) => read.text(row, 'name'));
}

function recordedVersion(db: Database, tables: readonly string[]): number {
  if (!tables.includes('schema_version')) return 0;
  const statement = contextOf(db).prepare('SELECT max(version) AS version FROM schema_version', 'schema.inspect');
  return read.optionalNumber(statement.one(), 'version') ?? 0;
}
