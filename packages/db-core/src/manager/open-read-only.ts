import { existsSync, rmSync } from 'node:fs';
import { connect } from '../connection/connect.ts';
import type { Connection } from '../connection/connection.ts';
import { watchOf } from '../connection/connection-watch.ts';
import { requireOneName } from '../connection/one-name.ts';
import { journalModeOf, setConnectionPragmas } from '../connection/pragmas.ts';
import { copyPrivately } from '../connection/private-copy.ts';
import { CannotOpenError, CorruptError, hasErrorCode, toDatabaseError } from '../errors/index.ts';
import { SCHEMA_VERSION } from '../schema/schema.ts';
import { needsUpgrade, type UpgradeListener } from '../schema/upgrade.ts';
import { retryWhileBusy } from '../sql/write-lock.ts';
import type { ResolvedConfig } from './config.ts';
import { askForProblems } from './health.ts';
import type { OpenDatabase } from './open-database.ts';
import { openForWriting } from './open-for-writing.ts';

/**
 * Opens a database to read it: where it lies, if the files of its log can be used there and it needs no upgrade. Otherwise it
 * is copied, with its log, to a file of this process alone; what is written to it later is not seen.
 */
export async function openReadOnly(config: ResolvedConfig, listener: UpgradeListener): Promise<OpenDatabase> {
  if (!existsSync(config.path)) {
    throw new CannotOpenError(`There is nothing at ${config.path}, and a database that is only read is not made.`);
  }
  await requireOneName(config.path);
  const found = await openInPlace(config);
  if (typeof found !== 'string') return withMode(found);
  const copy = await copyPrivately(config.path);
  try {
    await makeReadable({ ...config, path: copy.path }, config.path, listener);
    const db = await openInPlace({ ...config, path: copy.path });
    if (typeof db === 'string') throw new CannotOpenError(`The copy of ${config.path} can't be read: ${db}.`);
    listener.warning(`${config.path} is read as it was when it was opened, from a copy: ${found}.`);
    return { ...withMode(db), copy };
  } catch (error) {
    copy[Symbol.dispose]();
    throw error;
  }
}

/** Opens the file, or returns the reason why a copy must be opened in its place. */
async function openInPlace({ path, busyTimeoutMs, verbose }: ResolvedConfig): Promise<Connection | string> {
  let db: Connection | undefined;
  try {
    db = connect(path, { readonly: true, busyTimeoutMs, ...(verbose === undefined ? {} : { verbose }) });
    const opened = db;
    const isOld = await retryWhileBusy(() => needsUpgrade(opened, SCHEMA_VERSION), busyTimeoutMs);
    if (!isOld) {
      setConnectionPragmas(db);
      watchOf(db).watchSchema(SCHEMA_VERSION);
      return db;
    }
    db.close();
    return 'it is of an earlier release, and the copy was brought up to date';
  } catch (cause) {
    db?.close();
    const error = toDatabaseError(cause, 'database.initialize');
    // SQLite can't make the files of the log beside it, or has a journal to undo.
    if (!hasErrorCode(error, 'DB_CANNOT_OPEN', 'DB_READ_ONLY', 'DB_IO')) throw error;
    return 'the files of its log can be neither read nor made where it lies';
  }
}

/** Brings the log into the copy, looks at every page, and brings the copy up to date. */
async function makeReadable(config: ResolvedConfig, original: string, { warning }: UpgradeListener): Promise<void> {
  const copy = connect(config.path);
  try {
    const [problem] = askForProblems(copy, 'quick');
    if (problem !== undefined) {
      throw new CorruptError(
        `The copy of ${original} is damaged (${problem}). Restore a backup, or save what can be read with salvageDatabase().`,
      );
    }
  } finally {
    copy.close();
  }
  const { db } = await openForWriting({ ...config, readOnly: false, walMode: true }, [], {
    warning,
    progress: () => undefined,
    // What is brought up to date is a copy already.
    migration: ({ backupPath }) => backupPath !== undefined && rmSync(backupPath, { force: true }),
  });
  db.close();
}

function withMode(db: Connection): OpenDatabase {
  return { db, journalMode: journalModeOf(db) };
}
