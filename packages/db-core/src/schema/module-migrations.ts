import type { Database } from '../connection/driver.ts';
import { InvalidInputError, MigrationFailedError, NewerSchemaError, toDatabaseError } from '../errors/index.ts';
import { contextOf } from '../sql/connection-context.ts';
import * as read from '../sql/row-readers.ts';
import { beginImmediate } from '../sql/write-lock.ts';
import { requireObject, requireString } from '../validation.ts';

/** Tables that another module keeps in the same database, with migrations under the module's own name. */
export interface SchemaModule {
  /** Such as `prospective-memory`. */
  readonly name: string;
  /** The SQL that leads to each version, from 1 upwards without a gap. Once released, an entry never changes. */
  readonly migrations: Readonly<Record<number, string>>;
}

/** The parameters of a module's upgrade. */
export interface ModuleUpgrade {
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * Brings a module's tables to its newest version; each version commits together with its row in `module_versions`.
 *
 * A migration that touches a table, index or trigger of ours is rolled back and refused.
 *
 * @returns the versions applied now
 * @throws MigrationFailedError when a version fails: it is rolled back, and those before it stay
 */
export async function upgradeModule(db: Database, module: SchemaModule, upgrade: ModuleUpgrade): Promise<number[]> {
  const versions = checkedVersions(module);
  const applied: number[] = [];
  for (;;) {
    if (next(db, module, versions) === undefined) return applied;
    await beginImmediate(db, upgrade.timeoutMs);
    try {
      // Looked at again under the lock: another process may have done the work in between.
      const version = next(db, module, versions);
      if (version === undefined) return applied;
      applyVersion(db, module, version, upgrade.now());
      db.exec('COMMIT');
      applied.push(version);
    } catch (error) {
      throw toDatabaseError(error, `module ${module.name}`);
    } finally {
      if (db.inTransaction) db.exec('ROLLBACK');
    }
  }
}

function applyVersion(db: Database, module: SchemaModule, version: number, now: number): void {
  try {
    const before = schemaOfOthers(db, module);
    db.exec(module.migrations[version] ?? '');
    if (schemaOfOthers(db, module) !== before) {
      throw new InvalidInputError(
        `migrations[${version}]`,
        "expected SQL that leaves tables outside the module's own alone",
      );
    }
    const prefix = tablePrefix(module);
    contextOf(db)
      .prepare(
        'INSERT INTO module_versions (module, version, applied_at) VALUES (@module, @version, @appliedAt)',
        `module ${prefix}`,
      )
      .run({ module: module.name, version, appliedAt: new Date(now).toISOString() });
  } catch (error) {
    throw new MigrationFailedError(`Module ${module.name}`, version, toDatabaseError(error, `module ${module.name}`));
  }
}

/** The schema of everything that does not belong to the module, as one comparable text. */
function schemaOfOthers(db: Database, module: SchemaModule): string {
  const prefix = tablePrefix(module);
  const statement = contextOf(db).prepare(
    `SELECT type, name, tbl_name, ifnull(sql, '') AS sql FROM sqlite_schema
     WHERE substr(tbl_name, 1, length(@prefix)) <> @prefix ORDER BY type, name`,
    'module.check',
  );
  return JSON.stringify(statement.all({ prefix }));
}

/** Every table of a module starts with its name: `prospective_memory_tasks`. */
function tablePrefix(module: SchemaModule): string {
  return `${module.name.replaceAll('-', '_')}_`;
}

function next(db: Database, module: SchemaModule, versions: readonly number[]): number | undefined {
  const statement = contextOf(db).prepare(
    'SELECT ifnull(max(version), 0) AS version FROM module_versions WHERE module = @module',
    'module.version',
  );
  const current = read.number(statement.one({ module: module.name }), 'version');
  if (current > versions.length) throw new NewerSchemaError(`Module ${module.name}`, current, versions.length);
  return versions.find((version) => version > current);
}

/**
 * Checks a module and returns its versions.
 *
 * @throws InvalidInputError when its name or its migrations make no sense
 */
export function checkedVersions(module: SchemaModule): number[] {
  requireString(requireObject(module, 'module').name, 'module.name');
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
