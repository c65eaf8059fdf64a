import { existsSync, rmSync, statSync } from 'node:fs';
import { connect } from '../connection/connect.ts';
import { CONTENT_FILES, copyDatabaseFiles } from '../connection/database-file.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { toDatabaseError } from '../errors/index.ts';
import { isError } from '../errors/is-error.ts';

/** A file that holds all of a database: nothing of it is in a log or a journal beside it. */
export interface SettledFile extends Disposable {
  readonly path: string;
}

/**
 * Gives a damaged file as it is, or, if a log or a journal lies beside it, a copy that these were brought into: SQLite does
 * that by writing, and the damaged file must stay as it is.
 *
 * @param path - the place beside which the copy is made
 */
export function settle(file: string, path: string): SettledFile {
  const beside = CONTENT_FILES.filter((suffix) => suffix !== '' && existsSync(file + suffix));
  if (beside.every((suffix) => statSync(file + suffix).size === 0))
    return { path: file, [Symbol.dispose]: () => undefined };
  const copy = new UnfinishedFile(`${path}.settled`);
  try {
    copyDatabaseFiles(file, copy.path);
    bringIn(copy.path);
    return copy;
  } catch (error) {
    copy[Symbol.dispose]();
    throw error;
  }
}

/**
 * Reading rolls a journal back, and closing brings a log in. If the journal or the log is damaged, the file is read without
 * it.
 */
function bringIn(file: string): void {
  const db = connect(file);
  try {
    db.pragma('schema_version');
  } catch (error) {
    if (!isError(toDatabaseError(error, 'recovery.salvage'))) throw error;
  } finally {
    db.close();
  }
  for (const suffix of CONTENT_FILES) if (suffix !== '') rmSync(file + suffix, { force: true });
}
