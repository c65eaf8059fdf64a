import type { Database } from '../../connection/driver.ts';
import { DOMAINS } from '../../domains/index.ts';
import { InvalidInputError, NewerSchemaError } from '../../errors/index.ts';
import { readOptions } from '../../known-names/known-names.ts';
import { contextOf } from '../../sql/connection-context.ts';
import { quoted } from '../../sql/quoted.ts';
import * as read from '../../sql/row-readers.ts';
import { beginImmediate } from '../../sql/write-lock.ts';
import { requireObject, requireString } from '../../validation.ts';
import { CopyBeforeChange } from '../copy-before-change.ts';
import { migrationFailure } from '../migration-failure.ts';
import { ownObjectNames } from '../own-objects.ts';
import { ModuleNames } from './module-names.ts';
import { runModuleSql } from './module-sql.ts';

/** Tables that another module keeps in the same database, with migrations under the module's own name. */
export interface SchemaModule {
  /** Such as `prospective-memory`. */
  readonly name: string;
  /**
   * The SQL that leads to each version, from 1 upwards without a gap. Once released, an entry never changes. Everything that it
   * makes and writes has a name that begins with the module's: `prospective_memory_`.
   */
  readonly migrations: Readonly<Record<number, string>>;
}

/** The parameters of a module's upgrade. */
export interface ModuleUpgrade {
  readonly timeoutMs: number;
  readonly now: () => number;
  /** Told of each version, once all are committed. */
  readonly migration: (step: ModuleMigration) => void;
}

/** A version of a module that was applied. */
export interface ModuleMigration {
  readonly module: string;
  readonly version: number;
  readonly applied: true;
  /** The copy of the file as it was before; absent if it held nothing yet. */
  readonly backupPath?: string;
}

/**
 * Brings a module's tables to its newest version. All versions that it lacks are applied in one transaction with their rows in
 * `module_versions`, after the file was copied. SQL that touches what is not the module's is refused.
 *
 * @throws InvalidInputError when the name of the module is taken by tables of ours
 * @throws MigrationFailedError when a version fails, or is refused: the file is then as it was before
 * @throws BusyError when another connection keeps it from its lock: the file is as it was before
 */
export async function upgradeModule(db: Database, module: SchemaModule, upgrade: ModuleUpgrade): Promise<void> {
  const versions = checkedVersions(module);
  const names = new ModuleNames(db, module.name);
  if (missing(db, module, versions).length === 0) return;
  await beginImmediate(db, upgrade.timeoutMs);
  try {
    // Looked at again under the lock: another process may have done the work in between.
    const lacking = missing(db, module, versions);
    const backup = await applyAll(db, module, lacking, names, upgrade);
    for (const version of lacking) upgrade.migration({ module: module.name, version, ...backup, applied: true });
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

async function applyAll(
  db: Database,
  module: SchemaModule,
  versions: readonly number[],
  names: ModuleNames,
  { now }: ModuleUpgrade,
): Promise<{ readonly backupPath?: string }> {
  let [current] = versions;
  if (current === undefined) return {};
  try {
    using copy = await copyOf(db, `${module.name}.v${current - 1}`);
    for (current of versions) {
      runModuleSql(db, module.migrations[current] ?? '', names, `migrations[${current}]`);
      recordVersion(db, module, current, now());
    }
    const backup = copy === undefined ? {} : { backupPath: copy.keep(now()) };
    db.exec('COMMIT');
    return backup;
  } catch (error) {
    throw migrationFailure(`Module ${module.name}`, current, error, `module ${module.name}`);
  }
}

async function copyOf(db: Database, label: string): Promise<CopyBeforeChange | undefined> {
  return db.memory || !holdsData(db) ? undefined : await CopyBeforeChange.of(db, label, () => undefined);
}

/** Returns whether there is a row in a table of others, or in one of those of ours that are not about the file itself. */
function holdsData(db: Database): boolean {
  const ours = new Set(DOMAINS.flatMap(({ tables }) => tables));
  return contextOf(db)
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0", 'module.copy')
    .all()
    .map((row) => read.text(row, 'name'))
    .filter((name) => ours.has(name) || !(ownObjectNames().has(name) || name.startsWith('sqlite_')))
    .some(
      (name) =>
        contextOf(db)
          .prepare(`SELECT 1 FROM ${quoted(name)} LIMIT 1`, 'module.copy')
          .get() !== undefined,
    );
}

function recordVersion(db: Database, module: SchemaModule, version: number, now: number): void {
  contextOf(db)
    .prepare(
      'INSERT INTO module_versions (module, version, applied_at) VALUES (@module, @version, @appliedAt)',
      'module.version',
    )
    .run({ module: module.name, version, appliedAt: new Date(now).toISOString() });
}

function missing(db: Database, module: SchemaModule, versions: readonly number[]): number[] {
  const statement = contextOf(db).prepare(
    'SELECT ifnull(max(version), 0) AS version FROM module_versions WHERE module = @module',
    'module.version',
  );
  const current = read.number(statement.one({ module: module.name }), 'version');
  if (current > versions.length) throw new NewerSchemaError(`Module ${module.name}`, current, versions.length);
  return versions.filter((version) => version > current);
}

/**
 * Checks a module and returns its versions.
 *
 * @throws InvalidInputError when its name or its migrations make no sense
 */
export function checkedVersions(module: SchemaModule): number[] {
  requireString(readOptions(module, { name: true, migrations: true }, 'module').name, 'module.name');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(module.name)) {
    throw new InvalidInputError(
      'module.name',
      'expected lower-case words joined by hyphens, such as prospective-memory',
    );
  }
  for (const sql of Object.values(requireObject(module.migrations, 'module.migrations')))
    requireString(sql, 'module.migrations');
  const versions = Object.keys(module.migrations).map(Number);
  if (versions.some((version, index) => version !== index + 1)) {
    throw new InvalidInputError('module.migrations', 'expected versions from 1 upwards without a gap');
  }
  return versions;
}
