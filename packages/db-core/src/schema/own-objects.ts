import { connect } from '../connection/connect.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import { runVersion } from './run-version.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './schema.ts';

/** A table, an index, a view or a trigger of ours. */
export interface OwnObject {
  readonly type: string;
  readonly name: string;
  /** Empty for what SQLite makes by itself. */
  readonly sql: string;
}

let names: ReadonlySet<string> | undefined;

/** The names of all that our schema makes, the tables behind full-text indexes among them. */
export function ownObjectNames(): ReadonlySet<string> {
  names ??= new Set(ownObjects(SCHEMA_VERSION).map(({ name }) => name));
  return names;
}

/** Everything that a file of a schema version has. */
export function ownObjects(version: number): OwnObject[] {
  const db = connect(':memory:');
  try {
    for (const [key, sql] of Object.entries(MIGRATIONS)) if (Number(key) <= version) runVersion(db, sql);
    return contextOf(db)
      .prepare("SELECT type, name, ifnull(sql, '') AS sql FROM sqlite_schema", 'schema.ownObjects')
      .all()
      .map((row) => ({ type: read.text(row, 'type'), name: read.text(row, 'name'), sql: read.text(row, 'sql') }));
  } finally {
    db.close();
  }
}
