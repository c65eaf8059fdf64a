import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../connection/driver.ts';
import { DOMAINS } from '../../domains/index.ts';
import { contextOf } from '../../sql/connection-context.ts';
import { quoted } from '../../sql/quoted.ts';
import * as read from '../../sql/row-readers.ts';
import { registerContentFunctions } from '../../table-kit/content-functions.ts';
import { SCHEMA_SQL } from '../schema.ts';
import { CopyPlan } from './copy-plan.ts';
import { columnNames, LEGACY_TABLES } from './legacy-shape.ts';

const LEGACY = DOMAINS.flatMap(({ legacy = [] }) => legacy);

/** Told after each batch of rows: `done` of `total` rows of `table` have been copied. */
export type LegacyUpgradeProgress = (step: { table: string; done: number; total: number }) => void;

/**
 * Brings the tables of an earlier Code-Buddy to our schema, inside the transaction that the caller holds. Rows are
 * copied in batches, and the event loop turns between them, so that progress can be shown.
 *
 * Foreign keys must be off on this connection: the old tables are renamed and dropped.
 */
export async function upgradeLegacyFile(db: Database, progress: LegacyUpgradeProgress): Promise<void> {
  registerContentFunctions(db);
  for (const { registerFunctions } of LEGACY) registerFunctions?.(db);
  dropDerivedObjects(db);
  const present = LEGACY_TABLES.filter((table) => columnNames(db, table).size > 0);
  // With the modern rename, SQLite would rewrite the references of other tables to follow the old one.
  db.pragma('legacy_alter_table = ON');
  for (const table of present) db.exec(`ALTER TABLE ${table} RENAME TO ${legacyName(table)}`);
  db.pragma('legacy_alter_table = OFF');
  db.exec('DROP TABLE IF EXISTS schema_version');
  db.exec(SCHEMA_SQL);

  const plans = LEGACY.flatMap(({ upgrades }) => upgrades).filter((upgrade) => present.includes(upgrade.from));
  for (const [index, upgrade] of plans.entries()) {
    const plan = new CopyPlan(db, upgrade, legacyName(upgrade.from));
    const total = plan.countRows();
    for (const done of plan.copyInBatches()) {
      progress({ table: upgrade.to, done, total });
      await nextTurn();
    }
    // Dropped as soon as nothing needs it, so that the next table reuses its pages and the file grows little.
    if (!plans.slice(index + 1).some((later) => later.from === upgrade.from)) {
      db.exec(`DROP TABLE ${legacyName(upgrade.from)}`);
    }
  }
  for (const { afterwards } of LEGACY) if (afterwards !== undefined) db.exec(afterwards);
}

function legacyName(table: string): string {
  return `codebuddy_legacy_${table}`;
}

/** Drops the old indexes, triggers and full-text tables: their names may be ours, and ours are made anew. */
function dropDerivedObjects(db: Database): void {
  const statement = contextOf(db).prepare(
    `SELECT type, name FROM sqlite_schema
     WHERE (type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(@tables)))
       OR (type = 'table' AND name IN (SELECT value || '_fts' FROM json_each(@tables)))
     ORDER BY type = 'table', name`,
    'schema.upgradeLegacy',
  );
  for (const row of statement.all({ tables: JSON.stringify(LEGACY_TABLES) })) {
    const kind = read.oneOf(row, 'type', ['index', 'trigger', 'table']);
    db.exec(`DROP ${kind.toUpperCase()} ${quoted(read.text(row, 'name'))}`);
  }
}
