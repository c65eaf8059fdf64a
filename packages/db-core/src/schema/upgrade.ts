import type { Database } from '../connection/driver.ts';
import { readPragma } from '../connection/pragmas.ts';
import { contextOf } from '../sql/connection-context.ts';
import { beginImmediate } from '../sql/write-lock.ts';
import { CopyBeforeChange } from './copy-before-change.ts';
import { type FileState, inspectFile, refuseNewer } from './file-state.ts';
import { upgradeLegacyFile } from './legacy/upgrade-legacy-file.ts';
import { migrationFailure } from './migration-failure.ts';
import { describeMisfits, keepObjectsOfOthers, readObjectsOfOthers } from './objects-of-others.ts';
import { runVersion } from './run-version.ts';
import { APPLICATION_ID, BASE_VERSION } from './schema.ts';

/** A step of an upgrade, as progress bars show it. */
export interface UpgradeProgress {
  /** The schema version that the step leads to. */
  readonly version: number;
  /** The present step: `backup`, or the table whose rows are copied. */
  readonly step: string;
  /** Pages of the backup, or rows of the table. */
  readonly done: number;
  readonly total: number;
}

/** A listener for the progress of an upgrade. */
export interface UpgradeListener {
  progress(progress: UpgradeProgress): void;
  /** Told of each version once all are committed, or of the last one of a new file. */
  migration(step: { version: number; applied: true; backupPath?: string; module?: string }): void;
  /** Told what the new tables have no place for, once all is committed. */
  warning(message: string): void;
}

/** The parameters of an upgrade. */
export interface UpgradePlan {
  readonly migrations: Readonly<Record<number, string>>;
  /** The version to reach. */
  readonly target: number;
  /** The time to wait for another process that upgrades the same file, in milliseconds. */
  readonly timeoutMs: number;
  readonly listener: UpgradeListener;
  readonly now: () => number;
}

/** The busy timeout during an upgrade, in milliseconds: waiting is done between tries, where the process can work. */
const BUSY_TIMEOUT_MS = 50;

/**
 * Brings a file to the schema of this release. All versions that it lacks are applied in one transaction with their rows in
 * `schema_version`, so that a file never stays between two releases; an existing file is copied first, under the same lock.
 * Any number of processes may do this at once: one does the work, the others find it done.
 *
 * @throws MigrationFailedError when a version fails: the file is then as it was before
 * @throws BusyError when another connection keeps it from its lock: the file is as it was before
 */
export async function upgradeFile(db: Database, plan: UpgradePlan): Promise<void> {
  const busyTimeout = readPragma(db, 'busy_timeout');
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // A legacy upgrade renames tables that others refer to. SQLite ignores this pragma once a transaction has begun.
  db.pragma('foreign_keys = OFF');
  try {
    await beginImmediate(db, plan.timeoutMs);
    await upgradeUnderLock(db, plan);
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
    db.pragma('foreign_keys = ON');
    db.pragma(`busy_timeout = ${busyTimeout}`);
  }
}

async function upgradeUnderLock(db: Database, plan: UpgradePlan): Promise<void> {
  // Looked at again under the lock: another process may have done the work in between.
  const found = inspectFile(db);
  const versions = missingVersions(found, plan);
  if (versions.length === 0) return;
  const { backup, misfits } = await applyAll(db, found, versions, plan);
  // All is committed: what a listener throws from here on is not a failure of the upgrade.
  const told = found.kind === 'fresh' ? versions.slice(-1) : versions;
  for (const version of told) plan.listener.migration({ version, ...backup, applied: true });
  if (misfits.length > 0) plan.listener.warning(describeMisfits(db.name, misfits));
}

/** The outcome of an upgrade. */
interface Applied {
  readonly backup: { readonly backupPath?: string };
  /** Indexes, triggers and views of others that the new tables have no place for. */
  readonly misfits: readonly string[];
}

async function applyAll(
  db: Database,
  found: FileState,
  versions: readonly number[],
  plan: UpgradePlan,
): Promise<Applied> {
  let [current = plan.target] = versions;
  try {
    using copy = await copyOf(db, found, current, plan);
    const others = readObjectsOfOthers(db, found.kind === 'legacy');
    for (current of versions) {
      await apply(db, found, current, plan);
      recordVersion(db, current, plan.now());
    }
    const misfits = keepObjectsOfOthers(db, others);
    const backup = copy === undefined ? {} : { backupPath: copy.keep(plan.now()) };
    db.exec('COMMIT');
    return { backup, misfits };
  } catch (error) {
    throw migrationFailure(db.name, current, error, 'schema.upgrade');
  }
}

async function copyOf(
  db: Database,
  found: FileState,
  version: number,
  { listener }: UpgradePlan,
): Promise<CopyBeforeChange | undefined> {
  if (found.kind === 'fresh' || db.memory) return undefined;
  return await CopyBeforeChange.of(db, `v${found.version}`, ({ totalPages, remainingPages }) =>
    listener.progress({ version, step: 'backup', done: totalPages - remainingPages, total: totalPages }),
  );
}

function missingVersions(found: FileState, { target }: UpgradePlan): number[] {
  const first = found.kind === 'ours' ? found.version + 1 : BASE_VERSION;
  return Array.from({ length: Math.max(0, target - first + 1) }, (_, index) => first + index);
}

async function apply(db: Database, found: FileState, version: number, plan: UpgradePlan): Promise<void> {
  if (found.kind === 'legacy' && version === BASE_VERSION) {
    await upgradeLegacyFile(db, ({ table, done, total }) =>
      plan.listener.progress({ version, step: table, done, total }),
    );
    return;
  }
  const sql = plan.migrations[version];
  if (sql === undefined) throw new Error(`MIGRATIONS has no entry for version ${version}`);
  runVersion(db, sql);
}

function recordVersion(db: Database, version: number, now: number): void {
  // Both are part of the file's header or of its tables, and so of the transaction.
  db.pragma(`application_id = ${APPLICATION_ID}`);
  contextOf(db)
    .prepare('INSERT INTO schema_version (version, applied_at) VALUES (@version, @appliedAt)', 'schema.upgrade')
    .run({ version, appliedAt: new Date(now).toISOString() });
}

/** Returns whether a file needs {@link upgradeFile}; refuses a newer one. Reads only. */
export function needsUpgrade(db: Database, target: number): boolean {
  const state = inspectFile(db);
  refuseNewer(db, state, target);
  return state.kind !== 'ours' || state.version < target;
}
