import { connect } from '../connection/connect.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import { runVersion } from './run-version.ts';
import { MIGRATIONS } from './schema.ts';

let names: ReadonlySet<string> | undefined;

/** The names of all that our schema makes, the tables behind full-text indexes among them. */
export function ownObjectNames(): ReadonlySet<string> {
  names ??= readNames();
  return names;
}

function readNames(): ReadonlySet<string> {
  const db = connect(':memory:');
  try {
    for (const sql of Object.values(MIGRATIONS)) runVersion(db, sql);
    const rows = contextOf(db).prepare('SELECT name FROM sqlite_schema', 'schema.ownObjects').all();
    return new Set(rows.map((row) => read.text(row, 'name')));
  } finally {
    db.close();
  }
}
