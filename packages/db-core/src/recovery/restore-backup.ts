import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { connect } from '../connection/connect.ts';
import { CONTENT_FILES, copyDatabaseFiles } from '../connection/database-file.ts';
import { UnfinishedFile } from '../connection/unfinished-file.ts';
import { BusyError, CorruptError, ForeignFileError, hasSystemCode, toDatabaseError } from '../errors/index.ts';
import { askForProblems } from '../manager/health.ts';
import { inspectFile, refuseNewer } from '../schema/file-state.ts';
import { SCHEMA_VERSION } from '../schema/schema.ts';
import { requirePath } from '../validation.ts';
import { isThere, renameAll } from './quarantine.ts';

/** The result of restoring a backup. */
export interface RestoredBackup {
  readonly path: string;
  /** The new path of the files that were there before; absent if there were none. */
  readonly setAside?: string;
}

/**
 * Puts a copy of a backup in the place of a database. What was there is renamed, together with its log and journal: SQLite
 * would take the log of another database for the backup's own, and undo it. The backup stays as it is. Interrupted, it can be
 * called again: nothing is deleted. A path that is a link stays one.
 *
 * @param backup - what `DatabaseManager.backup` wrote
 * @param path - of the database; nobody may have it open
 * @throws ForeignFileError, NewerSchemaError or CorruptError when the backup is none of ours, or damaged; nothing was changed
 * @throws BusyError while any process has the database open; nothing was changed
 *
 * @example
 * ```ts
 * const { setAside } = restoreBackup('backup.db', 'agent.db');
 * ```
 */
export function restoreBackup(backup: string, path: string): RestoredBackup {
  const source = resolve(requirePath(backup, 'backup'));
  const file = realPath(resolve(requirePath(path, 'path')));
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    using unfinished = new UnfinishedFile(file);
    const copy = unfinished.path;
    copyDatabaseFiles(source, copy);
    foldIn(copy, source);
    requireWhole(copy, source);
    const aside = isThere(file) ? renameAll(file, 'replaced', Date.now()) : undefined;
    putInPlace(unfinished, file);
    return aside === undefined ? { path: file } : { path: file, setAside: aside };
  } catch (error) {
    throw toDatabaseError(error, 'recovery.restoreBackup');
  }
}

/** Brings what lies beside the copy into it: only the file itself is put in place. */
function foldIn(copy: string, source: string): void {
  const db = connect(copy);
  try {
    const state = inspectFile(db);
    refuseNewer(db, state, SCHEMA_VERSION);
    if (state.kind === 'fresh') throw new ForeignFileError(`${source} holds nothing. Give the path of a backup.`);
    // Closing would do the same, and say nothing if the disk is too full for it.
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  const left = CONTENT_FILES.filter((suffix) => suffix !== '' && bytesOf(copy + suffix) > 0);
  if (left.length > 0) {
    throw new CorruptError(
      `The log beside ${source} can't be brought into the copy. Free space, or take another backup.`,
    );
  }
}

/** Looks at the file as it will be put in place. */
function requireWhole(copy: string, source: string): void {
  const db = connect(copy, { readonly: true });
  try {
    const [problem] = askForProblems(db, 'full');
    if (problem !== undefined) {
      throw new CorruptError(`${source} is damaged (${problem}). Take another backup, or salvageDatabase() of it.`);
    }
  } finally {
    db.close();
  }
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Another process may have made a database meanwhile. */
function putInPlace(unfinished: UnfinishedFile, file: string): void {
  try {
    unfinished.publish();
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST')) throw error;
    throw new BusyError(`${file} was made anew by another process meanwhile. Close it, and restore again.`);
  }
}

/** The target of a link is replaced, not the link. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
