import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../connection/driver.ts';
import { analytics, conventions, repairLearning, toolStats } from '../../domains/analytics/legacy.ts';
import { cache } from '../../domains/cache/legacy.ts';
import { checkpointContents, checkpointFiles, checkpoints } from '../../domains/checkpoints/legacy.ts';
import { registerChunkContentHash } from '../../domains/code/chunk-content.ts';
import { codeChunks, codeContents } from '../../domains/code/legacy.ts';
import { memories } from '../../domains/memories/legacy.ts';
import { messages, sessions } from '../../domains/sessions/legacy.ts';
import { contextOf } from '../../sql/connection-context.ts';
import * as read from '../../sql/row-readers.ts';
import { registerContentFunctions } from '../../table-kit/content-functions.ts';
import type { TableUpgrade } from '../../table-kit/table-upgrade.ts';
import { SCHEMA_SQL } from '../schema.ts';
import { CopyPlan } from './copy-plan.ts';
import { columnNames, LEGACY_TABLES } from './legacy-shape.ts';

/** Parents come before the rows that point to them. */
const TABLE_UPGRADES: readonly TableUpgrade[] = [
  memories,
  sessions,
  messages,
  codeContents,
  codeChunks,
  toolStats,
  repairLearning,
  analytics,
  conventions,
  checkpoints,
  checkpointContents,
  checkpointFiles,
  cache,
];

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
  registerChunkContentHash(db);
  dropDerivedObjects(db);
  const present = LEGACY_TABLES.filter((table) => columnNames(db, table).size > 0);
  // With the modern rename, SQLite would rewrite the references of other tables to follow the old one.
  db.pragma('legacy_alter_table = ON');
  for (const table of present) db.exec(`ALTER TABLE ${table} RENAME TO ${legacyName(table)}`);
  db.pragma('legacy_alter_table = OFF');
  db.exec('DROP TABLE IF EXISTS schema_version');
  db.exec(SCHEMA_SQL);

  const plans = TABLE_UPGRADES.filter((upgrade) => present.includes(upgrade.from));
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
  db.exec('UPDATE sessions SET parent_session_id = NULL WHERE parent_session_id NOT IN (SELECT id FROM sessions)');
}

function legacyName(table: string): string {
  return `codebuddy_legacy_${table}`;
}

/** Drops the old indexes, triggers and full-text tables: their names may be ours, and ours are made anew. */
function dropDerivedObjects(db: Database): void {
  const statement = contextOf(db).prepare(
    `SELECT type, name FROM sqlite_schema
     WHERE (type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(@tables)))
       OR (type = 'table' AND name IN ('messages_fts', 'memories_fts'))
     ORDER BY type = 'table', name`,
    'schema.upgradeLegacy',
  );
  for (const row of statement.all({ tables: JSON.stringify(LEGACY_TABLES) })) {
    const name = read.text(row, 'name').replaceAll('"', '""');
    db.exec(`DROP ${read.oneOf(row, 'type', ['index', 'trigger', 'table']).toUpperCase()} "${name}"`);
  }
}
